import { isIP } from 'node:net';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { bucketName, defaultPrefix, serviceHost } from './names.ts';

/** Schema that an embedded server creates at its first start. */
export const embeddedDatabaseName = 'tiktok_lite';

/** Ports of the embedded servers, the usual ones. */
export const embeddedPorts = { mysql: 3306, redis: 6379, kafka: 9092, 'object-store': 7070 } as const;

/** Where rows are. */
export function databaseAddress(platform: TiktokLite): { host: string; port: number; name: string } {
  const { external } = platform.spec.database;
  if (external) return { host: external.host, port: external.port, name: external.database };
  return { host: serviceHost(platform, 'mysql'), port: embeddedPorts.mysql, name: embeddedDatabaseName };
}

/** Where read models are, and what their keys start with. */
export function cacheAddress(platform: TiktokLite): CacheAddress {
  const { external, keyPrefix = defaultPrefix(platform) } = platform.spec.cache;
  if (external) return { mode: external.mode, host: external.host, port: external.port, keyPrefix };
  return { mode: 'standalone', host: serviceHost(platform, 'redis'), port: embeddedPorts.redis, keyPrefix };
}

interface CacheAddress {
  mode: 'standalone' | 'cluster';
  host: string;
  port: number;
  keyPrefix: string;
}

/** Which brokers to start from, and what the names of topics start with. */
export function kafkaAddress(platform: TiktokLite): { brokers: string[]; topicPrefix: string } {
  const { external, topicPrefix = defaultPrefix(platform) } = platform.spec.kafka;
  if (external) return { brokers: external.brokers, topicPrefix };
  return { brokers: [`${serviceHost(platform, 'kafka')}:${embeddedPorts.kafka}`], topicPrefix };
}

export interface ObjectStoreAddress {
  driver: 's3' | 'oss';
  endpoint: string;
  /** What signed links are made for: the address at which a client reaches the store. */
  publicEndpoint: string;
  region: string;
  originalsBucket: string;
  mediaBucket: string;
  prefix: string;
  /** What a client puts before the name of a media object. */
  mediaBaseUrl: string;
}

/** Where files are. The gateway passes requests for the buckets on to an embedded store, so its address is the public one. */
export function objectStoreAddress(platform: TiktokLite, publicUrl: string): ObjectStoreAddress {
  const { s3, oss, publicBaseUrl, prefix = defaultPrefix(platform) } = platform.spec.objectStore;
  const theirs = s3 ?? oss;
  if (theirs) {
    const { endpoint, region, originalsBucket, mediaBucket } = theirs;
    const mediaBaseUrl = publicBaseUrl ?? `${endpoint}/${mediaBucket}`;
    const publicEndpoint = oss?.publicEndpoint ?? endpoint;
    const driver = oss ? 'oss' : 's3';
    return { driver, endpoint, publicEndpoint, region, originalsBucket, mediaBucket, prefix, mediaBaseUrl };
  }
  const mediaBucket = bucketName(prefix, 'media');
  return {
    driver: 's3',
    endpoint: `http://${serviceHost(platform, 'object-store')}:${embeddedPorts['object-store']}`,
    publicEndpoint: publicUrl,
    region: 'us-east-1',
    originalsBucket: bucketName(prefix, 'originals'),
    mediaBucket,
    prefix,
    mediaBaseUrl: publicBaseUrl ?? `${publicUrl}/${mediaBucket}`,
  };
}

/** What signed links to originals begin with: OSS puts the bucket before its host, where that has a name. */
export function originOfLinks(platform: TiktokLite, publicUrl: string): string {
  const { driver, publicEndpoint, originalsBucket } = objectStoreAddress(platform, publicUrl);
  const { protocol, hostname, host } = new URL(publicEndpoint);
  return driver === 'oss' && isIP(hostname) === 0 ? `${protocol}//${originalsBucket}.${host}` : publicEndpoint;
}
