import { type ComponentName, isSecret, type SettingName, settingsOf } from '../../services/shared/settings.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { ports } from '../components.ts';
import { cacheAddress, databaseAddress, kafkaAddress, objectStoreAddress } from './addresses.ts';
import { shortHash } from './names.ts';

/** What the platform's processes log in with; from generated Secrets or from those that the object refers to. */
export interface Credentials {
  database: { username: string; password: string };
  cache: { password: string };
  objectStore: { accessKeyId: string; secretAccessKey: string };
  signingKeys: string;
}

/** What is known only once the cluster has answered. */
export interface Facts {
  /** Address of the gateway as clients see it. */
  publicUrl: string;
  credentials: Credentials;
}

type Values = Record<string, string>;

const connectionsPerProcess = 10;

/** The value of every setting; text, as environments are. */
function allSettings(platform: TiktokLite, { publicUrl, credentials }: Facts): Record<SettingName, string> {
  const { spec } = platform;
  const database = databaseAddress(platform);
  const cache = cacheAddress(platform);
  const kafka = kafkaAddress(platform);
  const store = objectStoreAddress(platform, publicUrl);
  return {
    LOG_LEVEL: 'info',
    HTTP_PORT: String(ports.http),
    HEALTH_PORT: String(ports.health),
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: credentials.database.username,
    DATABASE_PASSWORD: credentials.database.password,
    DATABASE_POOL_SIZE: String(connectionsPerProcess),
    CACHE_MODE: cache.mode,
    CACHE_HOST: cache.host,
    CACHE_PORT: String(cache.port),
    CACHE_PASSWORD: credentials.cache.password,
    CACHE_KEY_PREFIX: cache.keyPrefix,
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    OBJECT_STORE_ENDPOINT: store.endpoint,
    OBJECT_STORE_PUBLIC_ENDPOINT: store.publicEndpoint,
    OBJECT_STORE_REGION: store.region,
    OBJECT_STORE_ACCESS_KEY_ID: credentials.objectStore.accessKeyId,
    OBJECT_STORE_SECRET_ACCESS_KEY: credentials.objectStore.secretAccessKey,
    OBJECT_STORE_ORIGINALS_BUCKET: store.originalsBucket,
    OBJECT_STORE_MEDIA_BUCKET: store.mediaBucket,
    OBJECT_STORE_PREFIX: store.prefix,
    MEDIA_BASE_URL: store.mediaBaseUrl,
    PUBLIC_URL: publicUrl,
    AUTH_SIGNING_KEYS: credentials.signingKeys,
    AUTH_ACCESS_TOKEN_SECONDS: String(spec.auth.accessTokenSeconds),
    AUTH_MIN_PASSWORD_LENGTH: String(spec.auth.minPasswordLength),
    UPLOAD_MAX_BYTES: String(spec.limits.uploadMegabytes * 1024 ** 2),
    TRANSCODE_MAX_DURATION_SECONDS: String(spec.transcoder.limits.maxDurationSeconds),
    TRANSCODE_MAX_PIXELS: String(spec.transcoder.limits.maxPixels),
    FEED_PAGE_SIZE: String(spec.feed.pageSize),
    FEED_CACHE_SIZE: String(spec.feed.cacheSize),
    LIST_DEFAULT: String(spec.lists.default),
  };
}

/** The settings of one component, exactly the names that it reads, apart by whether they may be seen. */
export interface Settings {
  plain: Values;
  secret: Values;
}

/** What a component is told; a name that it does not read is not among them. */
export function settingsFor(platform: TiktokLite, component: ComponentName, facts: Facts): Settings {
  const values = allSettings(platform, facts);
  const names: readonly SettingName[] = settingsOf[component];
  const pick = (wanted: boolean) =>
    Object.fromEntries(names.filter((name) => isSecret(name) === wanted).map((name) => [name, values[name]]));
  return { plain: pick(false), secret: pick(true) };
}

/** Annotation of pods with the hash of what they read at start. */
export const settingsAnnotation = 'tiktoklite.dev/settings-hash';

/** Changes when a setting changes: as an annotation of the pods it rolls exactly those that read the setting. */
export const settingsHash = (settings: Settings): string => shortHash(JSON.stringify(settings));
