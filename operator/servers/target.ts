import type { TiktokLite } from '../api/tiktok-lite.ts';
import { cacheAddress, databaseAddress, kafkaAddress, objectStoreAddress } from '../resources/addresses.ts';
import type { Credentials } from '../resources/settings.ts';

/** What a platform cannot be without. */
export const dependencies = ['database', 'cache', 'kafka', 'objectStore'] as const;
export type Dependency = (typeof dependencies)[number];

export interface Address {
  host: string;
  port: number;
}

interface Reachable<Kind extends Dependency> {
  kind: Kind;
  /** One of them is enough. */
  addresses: Address[];
}

export interface DatabaseTarget extends Reachable<'database'> {
  database: string;
  username: string;
  password: string;
  /** As the settings have it. */
  tls: string;
}
export interface CacheTarget extends Reachable<'cache'> {
  mode: 'standalone' | 'cluster';
  password: string;
  /** As the settings have it. */
  tls: string;
  keyPrefix: string;
}
export interface KafkaTarget extends Reachable<'kafka'> {
  /** As the settings have them. */
  tls: string;
  sasl: string;
}
export interface ObjectStoreTarget extends Reachable<'objectStore'> {
  driver: 's3' | 'oss';
  endpoint: string;
  region: string;
  buckets: string[];
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** A server that people run themselves, with what a process of the platform logs in with. */
export type ServerTarget = DatabaseTarget | CacheTarget | KafkaTarget | ObjectStoreTarget;

/** The servers of a platform that are not its own. */
export function externalServers(platform: TiktokLite, credentials: Credentials): ServerTarget[] {
  const { database, cache, kafka, objectStore } = platform.spec;
  return [
    ...(database.external ? [databaseTarget(platform, credentials)] : []),
    ...(cache.external ? [cacheTarget(platform, credentials)] : []),
    ...(kafka.external ? [kafkaTarget(platform, credentials)] : []),
    ...(objectStore.embedded ? [] : [objectStoreTarget(platform, credentials)]),
  ];
}

function databaseTarget(platform: TiktokLite, { database }: Credentials): DatabaseTarget {
  const { host, port, name } = databaseAddress(platform);
  return { kind: 'database', addresses: [{ host, port }], database: name, ...database };
}

function cacheTarget(platform: TiktokLite, { cache }: Credentials): CacheTarget {
  const { host, port, mode, keyPrefix } = cacheAddress(platform);
  return { kind: 'cache', addresses: [{ host, port }], mode, keyPrefix, ...cache };
}

const kafkaTarget = (platform: TiktokLite, { kafka }: Credentials): KafkaTarget => ({
  kind: 'kafka',
  addresses: kafkaAddress(platform).brokers.map(addressOf),
  ...kafka,
});

function objectStoreTarget(platform: TiktokLite, { objectStore }: Credentials): ObjectStoreTarget {
  const { driver, endpoint, region, originalsBucket, mediaBucket, prefix } = objectStoreAddress(platform, '');
  const { hostname: host, port, protocol } = new URL(endpoint);
  const usual = protocol === 'https:' ? 443 : 80;
  return {
    ...{
      kind: 'objectStore',
      addresses: [{ host, port: port === '' ? usual : Number(port) }],
      endpoint,
      region,
      prefix,
    },
    ...{ driver, buckets: [originalsBucket, mediaBucket], ...objectStore },
  };
}

/** `kafka.example.org:9092`. */
function addressOf(text: string): Address {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** Where people look for it: host and port, of all addresses. */
export const addressText = ({ addresses }: ServerTarget): string =>
  addresses.map(({ host, port }) => `${host}:${port}`).join(', ');
