import Type, { type Static } from 'typebox';

const port = (preset: number) => Type.Integer({ minimum: 1, maximum: 65535, default: preset });
const text = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });
const limit = Type.Integer({ minimum: 1, maximum: 1_000_000 });
/** `off`, `system` for the authorities that the system knows, or the certificates of authorities in PEM. */
const tls = (server: string) =>
  Type.String({
    pattern: '^(off|system|-----BEGIN CERTIFICATE-----[\\s\\S]+)$',
    maxLength: 200_000,
    default: 'off',
    description: `how connections to ${server} are secured: off, system, or certificates of authorities in PEM`,
  });
const secret = (description: string) => Type.String({ minLength: 1, description, secret: true });

/** libx264's names for how much work goes into a picture, least first. */
export const transcodePresets = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow'] as const;

/**
 * Every setting that a process of the platform can read from its environment. `secret: true` marks the ones that
 * travel in a Secret and never in a log. One home: the operator writes them, the processes parse them.
 */
export const settings = {
  LOG_LEVEL: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
    default: 'info',
  }),
  HTTP_PORT: port(8080),
  HEALTH_PORT: port(9090),

  HTTP_TRUSTED_CIDRS: text('networks whose X-Forwarded-For is believed, comma-separated, or none'),

  DATABASE_HOST: text('host name of the MySQL-compatible server'),
  DATABASE_PORT: port(3306),
  DATABASE_NAME: text('name of the schema'),
  DATABASE_USER: secret('user name'),
  DATABASE_PASSWORD: secret('password'),
  DATABASE_TLS: tls('the database'),
  DATABASE_POOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 200,
    default: 10,
    description: 'connections a process may open',
  }),

  CACHE_MODE: Type.Union([Type.Literal('standalone'), Type.Literal('cluster')], { default: 'standalone' }),
  CACHE_HOST: text('host name of the Redis server, or of any node of the Redis Cluster'),
  CACHE_PORT: port(6379),
  CACHE_PASSWORD: secret('password of the Redis server'),
  CACHE_TLS: tls('Redis'),
  CACHE_KEY_PREFIX: text('prefix of every key, so that platforms can share a server'),

  KAFKA_BROKERS: text('host:port, comma-separated'),
  KAFKA_TLS: tls('Kafka'),
  KAFKA_SASL: {
    ...secret('JSON {mechanism, username, password} that brokers are logged in to with, or none'),
    default: 'none',
  },
  KAFKA_TOPIC_PREFIX: text('prefix of every topic and consumer group'),
  LIKES_RETENTION_HOURS: Type.Integer({ minimum: 1, maximum: 8760, description: 'how long Kafka keeps a like' }),

  OBJECT_STORE_DRIVER: Type.Union([Type.Literal('s3'), Type.Literal('oss')], { default: 's3' }),
  OBJECT_STORE_ENDPOINT: text('URL under which the processes reach the store'),
  OBJECT_STORE_PUBLIC_ENDPOINT: text('URL for which signed links are made; what a client can reach'),
  OBJECT_STORE_REGION: text('region that signatures name'),
  OBJECT_STORE_ACCESS_KEY_ID: secret('access key id'),
  OBJECT_STORE_SECRET_ACCESS_KEY: secret('secret access key'),
  OBJECT_STORE_ORIGINALS_BUCKET: text('private bucket of uploaded files'),
  OBJECT_STORE_MEDIA_BUCKET: text('public bucket of playable files'),
  OBJECT_STORE_PREFIX: text('prefix of every object name'),
  MEDIA_BASE_URL: text('what is put before the path of a media object to make a URL'),
  PUBLIC_URL: text('address of the gateway as clients see it, without a trailing slash'),

  AUTH_SIGNING_KEYS: secret('JSON array of {kid, secret}; the first signs, all verify'),
  AUTH_ACCESS_TOKEN_SECONDS: Type.Integer({ minimum: 60, maximum: 31_536_000 }),
  AUTH_MIN_PASSWORD_LENGTH: Type.Integer({ minimum: 1, maximum: 32 }),

  LIMIT_EXEMPT_CIDRS: text('networks whose requests are not limited, comma-separated, or none'),
  LIMIT_IP_REGISTRATIONS_PER_MINUTE: limit,
  LIMIT_USER_LOGINS_PER_MINUTE: limit,
  LIMIT_IP_LOGINS_PER_MINUTE: limit,
  LIMIT_USER_LIKES_PER_MINUTE: limit,
  LIMIT_IP_LIKES_PER_MINUTE: limit,
  LIMIT_USER_COMMENTS_PER_MINUTE: limit,
  LIMIT_IP_COMMENTS_PER_MINUTE: limit,
  LIMIT_USER_FOLLOWS_PER_MINUTE: limit,
  LIMIT_IP_FOLLOWS_PER_MINUTE: limit,
  LIMIT_USER_MESSAGES_PER_MINUTE: limit,
  LIMIT_IP_MESSAGES_PER_MINUTE: limit,
  LIMIT_USER_UPLOADS_PER_DAY: limit,
  LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY: limit,
  LIMIT_USER_CONCURRENT_UPLOADS: limit,
  LIMIT_IP_UPLOADS_PER_MINUTE: limit,

  FFMPEG_SOCKET: text('path of the Unix socket on which runs of ffmpeg are taken'),
  FFMPEG_FOLDER: text('folder that holds the files of jobs, shared by worker and ffmpeg'),
  UPLOAD_MAX_BYTES: Type.Integer({ minimum: 1, maximum: 5 * 1024 ** 3 }),
  TRANSCODE_MAX_DURATION_SECONDS: Type.Integer({ minimum: 1, maximum: 3600 }),
  TRANSCODE_MAX_PIXELS: Type.Integer({
    minimum: 256,
    maximum: 100_000_000,
    description: 'width × height of one frame',
  }),
  TRANSCODE_LADDER: Type.String({
    pattern: '^[0-9]{2,4}:[0-9]{2,5}(,[0-9]{2,4}:[0-9]{2,5})*$',
    description: 'sizes that are made, as "short side in pixels:kilobits a second at most", comma-separated',
  }),
  TRANSCODE_PRESET: Type.Union(transcodePresets.map((preset) => Type.Literal(preset))),
  TRANSCODE_QUALITY: Type.Integer({ minimum: 16, maximum: 35, description: 'constant rate factor: lower is better' }),
  FEED_PAGE_SIZE: Type.Integer({ minimum: 1, maximum: 30 }),
  FEED_CACHE_SIZE: Type.Integer({ minimum: 30, maximum: 100_000 }),
  LIST_DEFAULT: Type.Integer({ minimum: 1, maximum: 200, description: 'entries of a list that names no limit' }),

  WARMUP_RUN: text('name of the warm-up: one that is complete is not repeated, one that was cut off goes on'),
  WARMUP_USERS: Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'users to load' }),
  WARMUP_VIDEOS: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'newest videos to load' }),
  WARMUP_FEED: Type.Integer({ minimum: 0, maximum: 100_000, description: 'of these, how many with their authors' }),
};

export type SettingName = keyof typeof settings;

const process = ['LOG_LEVEL', 'HEALTH_PORT'] as const;
const http = [...process, 'HTTP_PORT'] as const;
/** What a service needs to know whom a request comes from, and whom it may refuse. */
const clients = ['AUTH_SIGNING_KEYS', 'HTTP_TRUSTED_CIDRS', 'LIMIT_EXEMPT_CIDRS'] as const;
const database = [
  'DATABASE_HOST',
  'DATABASE_PORT',
  'DATABASE_NAME',
  'DATABASE_USER',
  'DATABASE_PASSWORD',
  'DATABASE_TLS',
  'DATABASE_POOL_SIZE',
] as const;
const cache = ['CACHE_MODE', 'CACHE_HOST', 'CACHE_PORT', 'CACHE_PASSWORD', 'CACHE_TLS', 'CACHE_KEY_PREFIX'] as const;
const kafka = ['KAFKA_BROKERS', 'KAFKA_TLS', 'KAFKA_SASL', 'KAFKA_TOPIC_PREFIX'] as const;
const likeWriter = [...process, ...database, ...cache, ...kafka, 'LIKES_RETENTION_HOURS'] as const;
const objectStore = [
  'OBJECT_STORE_DRIVER',
  'OBJECT_STORE_ENDPOINT',
  'OBJECT_STORE_PUBLIC_ENDPOINT',
  'OBJECT_STORE_REGION',
  'OBJECT_STORE_ACCESS_KEY_ID',
  'OBJECT_STORE_SECRET_ACCESS_KEY',
  'OBJECT_STORE_ORIGINALS_BUCKET',
  'OBJECT_STORE_MEDIA_BUCKET',
  'OBJECT_STORE_PREFIX',
] as const;

/** Which settings each process reads: a changed setting rolls exactly the components that list it. */
export const settingsOf = {
  auth: [
    ...http,
    ...database,
    ...cache,
    ...clients,
    'AUTH_ACCESS_TOKEN_SECONDS',
    'AUTH_MIN_PASSWORD_LENGTH',
    'LIMIT_IP_REGISTRATIONS_PER_MINUTE',
    'LIMIT_USER_LOGINS_PER_MINUTE',
    'LIMIT_IP_LOGINS_PER_MINUTE',
  ],
  user: [
    ...http,
    ...database,
    ...cache,
    ...clients,
    'MEDIA_BASE_URL',
    'LIST_DEFAULT',
    'LIMIT_USER_FOLLOWS_PER_MINUTE',
    'LIMIT_IP_FOLLOWS_PER_MINUTE',
    'LIMIT_USER_MESSAGES_PER_MINUTE',
    'LIMIT_IP_MESSAGES_PER_MINUTE',
  ],
  video: [
    ...http,
    ...database,
    ...cache,
    ...kafka,
    ...objectStore,
    ...clients,
    'MEDIA_BASE_URL',
    'PUBLIC_URL',
    'FEED_PAGE_SIZE',
    'FEED_CACHE_SIZE',
    'LIST_DEFAULT',
    'LIKES_RETENTION_HOURS',
    'LIMIT_USER_LIKES_PER_MINUTE',
    'LIMIT_IP_LIKES_PER_MINUTE',
    'LIMIT_USER_COMMENTS_PER_MINUTE',
    'LIMIT_IP_COMMENTS_PER_MINUTE',
  ],
  publish: [
    ...http,
    ...database,
    ...cache,
    ...kafka,
    ...objectStore,
    ...clients,
    'UPLOAD_MAX_BYTES',
    'LIMIT_USER_UPLOADS_PER_DAY',
    'LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY',
    'LIMIT_USER_CONCURRENT_UPLOADS',
    'LIMIT_IP_UPLOADS_PER_MINUTE',
  ],
  'like-writer': likeWriter,
  transcoder: [
    ...process,
    ...database,
    ...cache,
    ...kafka,
    ...objectStore,
    'FFMPEG_SOCKET',
    'FFMPEG_FOLDER',
    'TRANSCODE_MAX_DURATION_SECONDS',
    'TRANSCODE_MAX_PIXELS',
    'TRANSCODE_LADDER',
    'TRANSCODE_PRESET',
    'TRANSCODE_QUALITY',
    'FEED_CACHE_SIZE',
  ],
  /** Runs beside a transcoder and is told nothing else: no address, no secret. */
  ffmpeg: ['LOG_LEVEL', 'FFMPEG_SOCKET', 'FFMPEG_FOLDER'],
  migrate: [...process, ...database, ...objectStore],
  warmup: [
    ...process,
    ...database,
    ...cache,
    'FEED_CACHE_SIZE',
    'WARMUP_RUN',
    'WARMUP_USERS',
    'WARMUP_VIDEOS',
    'WARMUP_FEED',
  ],
  /** The same as the like writer's: a Job of maintenance is told what a pod of it is. */
  maintenance: likeWriter,
} as const satisfies Record<string, readonly SettingName[]>;

export type ComponentName = keyof typeof settingsOf;

/** The parsed settings of one component, typed by the names that it lists. */
export type SettingsOf<Component extends ComponentName> = {
  [Name in (typeof settingsOf)[Component][number]]: Static<(typeof settings)[Name]>;
};

/** Whether a setting belongs in a Secret. */
export const isSecret = (name: SettingName): boolean => 'secret' in settings[name];

/** What a setting such as DATABASE_TLS means to a driver: options of a TLS connection, or undefined for none. */
export function tlsOptions(setting: string): { ca?: string } | undefined {
  if (setting === 'off') return undefined;
  return setting === 'system' ? {} : { ca: setting };
}

/** How brokers are logged in to, as kafkajs takes it. */
export type SaslOptions =
  | { mechanism: 'plain'; username: string; password: string }
  | { mechanism: 'scram-sha-256'; username: string; password: string }
  | { mechanism: 'scram-sha-512'; username: string; password: string };

/** What the setting KAFKA_SASL means to a driver; undefined where nobody logs in. */
export const saslOptions = (setting: string): SaslOptions | undefined =>
  setting === 'none' ? undefined : (JSON.parse(setting) as SaslOptions);
