import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type SettingName, settings } from './settings.ts';

const root = new URL('../../', import.meta.url);

/** The test, by its file and title, that would fail if a process did nothing with a setting. */
type Shown = readonly [file: string, title: string];

const connects: Shown = [
  'services/shared/test/mysql.test.ts',
  'logs in as whom the settings name, at the server that they name',
];
const nowhere: Shown = [
  'services/shared/test/redis.test.ts',
  'says where nothing answers when it cannot be reached at start',
];
const published: Shown = [
  'test/api/areas/publishing.ts',
  'shows the author the video at once and everybody when it is ready [3, 6]',
];
const limits: Shown = ['test/api/limits.test.ts', 'count what a user does, and what comes from one address'];
const logins: Shown = [
  'test/api/limits.test.ts',
  'count attempts to log in by the name, whether it exists or not, and by the address',
];
const tuned = (title: string): Shown => ['test/api/tuned-object.test.ts', title];
const warmed: Shown = [
  'services/warmup/test/warm-up.test.ts',
  'loads the feed, the newest videos with their authors, and as many of the likeliest users as are asked for',
];
const migrated: Shown = [
  'services/migrate/test/job.test.ts',
  'creates what is absent, brings the schema up and prepares the buckets; a second run changes nothing',
];
const ready: Shown = ['services/shared/test/lifecycle.test.ts', 'is ready once it has started, and shows its metrics'];
const platformsApart: Shown = [
  'test/api/two-platforms.test.ts',
  'leave no name on a server that does not begin with their prefix',
];
const stored: Shown = [
  'services/shared/test/object-store.test.ts',
  'gives back what was put, and undefined for what is not there',
];
const signed: Shown = [
  'services/shared/test/object-store.test.ts',
  'signs links for the public address that open a private object until they expire',
];
const encoded = tuned('has videos in the sizes, of the quality and with the work that it asks for');
const refused = tuned('refuses videos that are longer or larger than it says');

const shown: Record<SettingName, Shown> = {
  LOG_LEVEL: ['services/shared/logger.test.ts', 'writes what its level asks for, and nothing below'],
  HTTP_PORT: ready,
  HEALTH_PORT: ready,
  HTTP_TRUSTED_CIDRS: [
    'services/shared/rate-limits/client-address.test.ts',
    'is the sender where it is not the gateway, whatever it says',
  ],
  DATABASE_HOST: connects,
  DATABASE_PORT: ['services/shared/test/mysql.test.ts', 'tells a server that is away from a mistake of ours'],
  DATABASE_NAME: migrated,
  DATABASE_USER: connects,
  DATABASE_PASSWORD: [
    'services/migrate/test/job.test.ts',
    'ends with 1 and the reason in one line when the password is wrong',
  ],
  DATABASE_POOL_SIZE: ['services/shared/test/mysql.test.ts', 'refuses soon when every connection is taken'],
  CACHE_MODE: ['test/api/rounds.test.ts', 'the official API on'],
  CACHE_HOST: nowhere,
  CACHE_PORT: nowhere,
  CACHE_PASSWORD: ['services/shared/test/redis.test.ts', 'says so when the password is wrong'],
  CACHE_KEY_PREFIX: platformsApart,
  KAFKA_BROKERS: [
    'services/shared/test/kafka.test.ts',
    'starts although the broker cannot be reached, and says so of what is published',
  ],
  KAFKA_TOPIC_PREFIX: platformsApart,
  LIKES_RETENTION_HOURS: [
    'services/video/test/like-backlog.test.ts',
    'are refused while the oldest has used up four fifths of its retention, and taken again when it is written',
  ],
  DATABASE_TLS: [
    'services/shared/test/tls.test.ts',
    'is spoken to by TLS where the authority of its certificate is known',
  ],
  KAFKA_TLS: [
    'services/shared/test/tls.test.ts',
    'is logged in to by TLS, in each way in which a password can be shown',
  ],
  KAFKA_SASL: [
    'services/shared/test/tls.test.ts',
    'is logged in to by TLS, in each way in which a password can be shown',
  ],
  CACHE_TLS: ['services/shared/test/tls.test.ts', 'is spoken to by TLS, and by nothing else at that port'],
  OBJECT_STORE_DRIVER: [
    'services/shared/test/object-store.test.ts',
    'signs links for the public address that open a private object until they expire',
  ],
  OBJECT_STORE_ENDPOINT: stored,
  OBJECT_STORE_PUBLIC_ENDPOINT: signed,
  OBJECT_STORE_REGION: signed,
  OBJECT_STORE_ACCESS_KEY_ID: stored,
  OBJECT_STORE_SECRET_ACCESS_KEY: stored,
  OBJECT_STORE_ORIGINALS_BUCKET: migrated,
  OBJECT_STORE_MEDIA_BUCKET: migrated,
  OBJECT_STORE_PREFIX: platformsApart,
  MEDIA_BASE_URL: published,
  PUBLIC_URL: published,
  AUTH_SIGNING_KEYS: [
    'test/api/two-platforms.test.ts',
    'accept only tokens of their own, and end only sessions of their own',
  ],
  AUTH_ACCESS_TOKEN_SECONDS: tuned('has passwords that are long enough, and logins that end when it says'),
  AUTH_MIN_PASSWORD_LENGTH: tuned('has passwords that are long enough, and logins that end when it says'),
  LIMIT_EXEMPT_CIDRS: ['services/shared/test/rate-limits.test.ts', 'leave the networks alone that are exempt'],
  LIMIT_IP_REGISTRATIONS_PER_MINUTE: [
    'test/api/limits.test.ts',
    'count registrations by the address, which a client cannot choose',
  ],
  LIMIT_USER_LOGINS_PER_MINUTE: logins,
  LIMIT_IP_LOGINS_PER_MINUTE: logins,
  LIMIT_USER_LIKES_PER_MINUTE: limits,
  LIMIT_IP_LIKES_PER_MINUTE: limits,
  LIMIT_USER_COMMENTS_PER_MINUTE: limits,
  LIMIT_IP_COMMENTS_PER_MINUTE: limits,
  LIMIT_USER_FOLLOWS_PER_MINUTE: limits,
  LIMIT_IP_FOLLOWS_PER_MINUTE: limits,
  LIMIT_USER_MESSAGES_PER_MINUTE: limits,
  LIMIT_IP_MESSAGES_PER_MINUTE: limits,
  LIMIT_USER_UPLOADS_PER_DAY: limits,
  LIMIT_IP_UPLOADS_PER_MINUTE: limits,
  LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY: tuned('lets a user upload so much a day'),
  LIMIT_USER_CONCURRENT_UPLOADS: tuned('lets a user have so many uploads on their way'),
  FFMPEG_SOCKET: [
    'services/transcoder/test/run-ffmpeg.test.ts',
    'waits for nobody where nobody listens: that is temporary',
  ],
  FFMPEG_FOLDER: ['services/transcoder/test/launcher.test.ts', 'lets it open no file outside, whoever may read it'],
  UPLOAD_MAX_BYTES: [
    'test/api/uploads.test.ts',
    'of exactly the largest size passes, without growing memory and without a file on the way',
  ],
  TRANSCODE_MAX_DURATION_SECONDS: refused,
  TRANSCODE_MAX_PIXELS: refused,
  TRANSCODE_LADDER: encoded,
  TRANSCODE_PRESET: encoded,
  TRANSCODE_QUALITY: encoded,
  FEED_PAGE_SIZE: tuned('has pages of the feed as long as it says, and keeps no more of it in Redis'),
  FEED_CACHE_SIZE: tuned('has pages of the feed as long as it says, and keeps no more of it in Redis'),
  LIST_DEFAULT: ['test/api/areas/lists.ts', 'is paged by limit and cursor, without a gap or an entry twice [F]'],
  WARMUP_RUN: [
    'services/warmup/test/warm-up.test.ts',
    'is not repeated once it is complete, unless it has another name',
  ],
  WARMUP_USERS: warmed,
  WARMUP_VIDEOS: warmed,
  WARMUP_FEED: warmed,
};

describe('what a setting does', () => {
  for (const name of Object.keys(settings) as SettingName[]) {
    const [file, title] = shown[name];
    it(`is shown by a test: ${name}`, () => {
      const source = readFileSync(new URL(file, root), 'utf8');
      const titles = source.split('\n').filter((line) => /\b(it|describe)\(/.test(line));
      assert.ok(
        titles.some((line) => line.includes(title)),
        `${file} has no test with the title "${title}"`,
      );
    });
  }
});
