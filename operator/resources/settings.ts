import { type ComponentName, isSecret, type SettingName, settingsOf } from '../../services/shared/settings.ts';
import type { TiktokLite, TiktokLiteSpec } from '../api/tiktok-lite.ts';
import { ports } from '../components.ts';
import { cacheAddress, databaseAddress, kafkaAddress, objectStoreAddress } from './addresses.ts';
import { shortHash } from './names.ts';

/** What the platform's processes log in with; from generated Secrets or from those that the object refers to. */
export interface Credentials {
  /** `tls` as the settings DATABASE_TLS and CACHE_TLS have it. */
  database: { username: string; password: string; tls: string };
  cache: { password: string; tls: string };
  /** As the settings KAFKA_TLS and KAFKA_SASL have it. */
  kafka: { tls: string; sasl: string };
  objectStore: { accessKeyId: string; secretAccessKey: string };
  signingKeys: string;
}

/** What is known only once the cluster has answered. */
export interface Facts {
  /** Address of the gateway as clients see it. */
  publicUrl: string;
  credentials: Credentials;
  /** Name of the warm-up that is wanted; only its Job is told. */
  warmUpRun?: string;
}

type Values = Record<string, string>;

/** Where the two containers of a transcoder meet. */
export const ffmpegPaths = { FFMPEG_SOCKET: '/run/ffmpeg/socket', FFMPEG_FOLDER: '/work' } as const;

const connectionsPerProcess = 10;

/** The value of every setting; text, as environments are. */
function allSettings(
  platform: TiktokLite,
  { publicUrl, credentials, warmUpRun = '' }: Facts,
): Record<SettingName, string> {
  const { spec } = platform;
  const database = databaseAddress(platform);
  const cache = cacheAddress(platform);
  const kafka = kafkaAddress(platform);
  const store = objectStoreAddress(platform, publicUrl);
  return {
    LOG_LEVEL: 'info',
    HTTP_PORT: String(ports.http),
    HEALTH_PORT: String(ports.health),
    HTTP_TRUSTED_CIDRS: listOr('none', spec.gateway.trustedCidrs),
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: credentials.database.username,
    DATABASE_PASSWORD: credentials.database.password,
    DATABASE_TLS: credentials.database.tls,
    DATABASE_POOL_SIZE: String(connectionsPerProcess),
    CACHE_MODE: cache.mode,
    CACHE_HOST: cache.host,
    CACHE_PORT: String(cache.port),
    CACHE_PASSWORD: credentials.cache.password,
    CACHE_TLS: credentials.cache.tls,
    CACHE_KEY_PREFIX: cache.keyPrefix,
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_TLS: credentials.kafka.tls,
    KAFKA_SASL: credentials.kafka.sasl,
    KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    LIKES_RETENTION_HOURS: String(spec.topics.likes.retentionHours),
    OBJECT_STORE_DRIVER: store.driver,
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
    ...limitSettings(spec.limits),
    ...ffmpegPaths,
    UPLOAD_MAX_BYTES: String(spec.limits.uploadMegabytes * 1024 ** 2),
    TRANSCODE_MAX_DURATION_SECONDS: String(spec.transcoder.limits.maxDurationSeconds),
    TRANSCODE_MAX_PIXELS: String(spec.transcoder.limits.maxPixels),
    TRANSCODE_LADDER: spec.transcoder.ladder
      .map(({ shortSidePixels, maxKilobitsPerSecond }) => `${shortSidePixels}:${maxKilobitsPerSecond}`)
      .join(','),
    TRANSCODE_PRESET: spec.transcoder.preset,
    TRANSCODE_QUALITY: String(spec.transcoder.quality),
    FEED_PAGE_SIZE: String(spec.feed.pageSize),
    FEED_CACHE_SIZE: String(spec.feed.cacheSize),
    LIST_DEFAULT: String(spec.lists.default),
    WARMUP_RUN: warmUpRun,
    WARMUP_USERS: String(spec.warmup.users),
    WARMUP_VIDEOS: String(spec.warmup.videos),
    WARMUP_FEED: String(spec.warmup.feed),
  };
}

const listOr = (none: string, list: readonly string[]): string => (list.length > 0 ? list.join(',') : none);

const limitSettings = ({ perUser, perIp, exemptCidrs }: TiktokLiteSpec['limits']) => ({
  LIMIT_EXEMPT_CIDRS: listOr('none', exemptCidrs),
  LIMIT_IP_REGISTRATIONS_PER_MINUTE: String(perIp.registrationsPerMinute),
  LIMIT_USER_LOGINS_PER_MINUTE: String(perUser.loginsPerMinute),
  LIMIT_IP_LOGINS_PER_MINUTE: String(perIp.loginsPerMinute),
  LIMIT_USER_LIKES_PER_MINUTE: String(perUser.likesPerMinute),
  LIMIT_IP_LIKES_PER_MINUTE: String(perIp.likesPerMinute),
  LIMIT_USER_COMMENTS_PER_MINUTE: String(perUser.commentsPerMinute),
  LIMIT_IP_COMMENTS_PER_MINUTE: String(perIp.commentsPerMinute),
  LIMIT_USER_FOLLOWS_PER_MINUTE: String(perUser.followsPerMinute),
  LIMIT_IP_FOLLOWS_PER_MINUTE: String(perIp.followsPerMinute),
  LIMIT_USER_MESSAGES_PER_MINUTE: String(perUser.messagesPerMinute),
  LIMIT_IP_MESSAGES_PER_MINUTE: String(perIp.messagesPerMinute),
  LIMIT_USER_UPLOADS_PER_DAY: String(perUser.uploadsPerDay),
  LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY: String(perUser.uploadMegabytesPerDay),
  LIMIT_USER_CONCURRENT_UPLOADS: String(perUser.concurrentUploads),
  LIMIT_IP_UPLOADS_PER_MINUTE: String(perIp.uploadsPerMinute),
});

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
