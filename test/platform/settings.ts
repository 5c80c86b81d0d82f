import { randomBytes } from 'node:crypto';
import type { TiktokLite } from '../../operator/api/tiktok-lite.ts';
import { type Facts, settingsFor } from '../../operator/resources/settings.ts';
import { buildPlatform } from '../../operator/testing/build-platform.ts';
import type { ComponentName } from '../../services/shared/settings.ts';
import type { CacheSettings, DatabaseSettings, KafkaSettings, ObjectStoreSettings } from '../backends/index.ts';

/** Where the servers are and which of their names belong to a platform. */
export type BackendSettings = DatabaseSettings & CacheSettings & KafkaSettings & ObjectStoreSettings;

/** What the `spec` of a TiktokLite says beside the addresses of the servers. */
export type Spec = NonNullable<Parameters<typeof buildPlatform>[0]>;

/** The object of a platform: its servers are external, except that the gateway passes the buckets on. */
export const objectFor = (settings: BackendSettings, spec: Spec): TiktokLite =>
  buildPlatform({
    ...spec,
    limits: { exemptCidrs: ['127.0.0.0/8'], ...spec.limits }, // who tests limits takes that away again
    database: {
      external: {
        host: settings.DATABASE_HOST,
        port: settings.DATABASE_PORT,
        database: settings.DATABASE_NAME,
        credentialsSecretRef: { name: 'database' },
      },
    },
    cache: {
      keyPrefix: settings.CACHE_KEY_PREFIX,
      external: { mode: settings.CACHE_MODE, host: settings.CACHE_HOST, port: settings.CACHE_PORT },
    },
    kafka: {
      topicPrefix: settings.KAFKA_TOPIC_PREFIX,
      external: { brokers: settings.KAFKA_BROKERS.split(',') },
    },
    objectStore: { embedded: {}, prefix: settings.OBJECT_STORE_PREFIX },
  });

/** The address of the gateway and what the processes log in with. */
export const factsFor = (settings: BackendSettings, publicUrl: string): Facts => ({
  publicUrl,
  credentials: {
    database: { username: settings.DATABASE_USER, password: settings.DATABASE_PASSWORD, tls: settings.DATABASE_TLS },
    cache: { password: settings.CACHE_PASSWORD, tls: settings.CACHE_TLS },
    kafka: { tls: settings.KAFKA_TLS, sasl: settings.KAFKA_SASL },
    objectStore: {
      accessKeyId: settings.OBJECT_STORE_ACCESS_KEY_ID,
      secretAccessKey: settings.OBJECT_STORE_SECRET_ACCESS_KEY,
    },
    signingKeys: JSON.stringify([{ kid: 'test', secret: randomBytes(32).toString('hex') }]),
  },
});

/** What the operator tells a component, with the object store at its address here and with the overrides that it reads. */
export function settingsHere(
  component: ComponentName,
  platform: TiktokLite,
  facts: Facts,
  overrides: Readonly<Record<string, string | number>>,
): Record<string, string> {
  const { plain, secret } = settingsFor(platform, component, facts);
  const values = { ...plain, ...secret };
  for (const [name, value] of Object.entries(overrides)) if (name in values) values[name] = String(value);
  return values;
}
