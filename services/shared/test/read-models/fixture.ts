import { freshDatabase, freshRedisPrefix } from '../../../../test/backends/index.ts';
import { createLogger } from '../../logger.ts';
import { connectDatabase, type Knex } from '../../mysql/database.ts';
import { createReadModels, type ReadModels } from '../../read-models/index.ts';
import { connectRedis, mastersOf, type Redis } from '../../redis/connect.ts';

export const quietLogger = createLogger({ component: 'video', level: 'error' });

export interface Fixture {
  db: Knex;
  redis: Redis;
  keyPrefix: string;
  models: ReadModels;
  /** Read models of one more process over the same backends. */
  another(options?: { feedCacheSize?: number; now?: () => number }): Promise<ReadModels>;
  close(): Promise<void>;
}

/** Read models over a schema and a key prefix of their own. */
export async function startReadModels({ feedCacheSize = 100 } = {}): Promise<Fixture> {
  const [database, cache] = await Promise.all([freshDatabase(), freshRedisPrefix()]);
  const db = connectDatabase(database);
  const redis = connectRedis(cache);
  const connections = [redis];
  const keyPrefix = cache.CACHE_KEY_PREFIX;
  const options = { db, keyPrefix, logger: quietLogger, feedCacheSize };
  return {
    db,
    redis,
    keyPrefix,
    models: await createReadModels({ ...options, redis }),
    another: async (overrides = {}) => {
      const connection = connectRedis(cache);
      connections.push(connection);
      return createReadModels({ ...options, ...overrides, redis: connection });
    },
    close: async () => {
      for (const connection of connections) connection.disconnect();
      await db.destroy();
    },
  };
}

/** Empties every server of Redis. */
export const flushAll = async (redis: Redis): Promise<void> => {
  await Promise.all(mastersOf(redis).map((server) => server.flushall()));
};

/** The keys that match, on whatever server. */
export const keysLike = async (redis: Redis, pattern: string): Promise<string[]> =>
  (await Promise.all(mastersOf(redis).map((server) => server.keys(pattern)))).flat();

let lastId = 1_000;

export const nextId = (): number => {
  lastId += 1;
  return lastId;
};

/** A user without counters, as after a registration. */
export async function insertUser(db: Knex, fields: { name?: string } = {}): Promise<number> {
  const id = nextId();
  await db('user').insert({ id, username: `user-${id}`, name: fields.name ?? `User ${id}`, created_at: id });
  return id;
}

interface VideoFields {
  authorId: number;
  state?: 'processing' | 'ready' | 'failed';
  title?: string;
  publishedAt?: number;
}

/** A video, ready unless told otherwise; its time of publication follows its id. */
export async function insertVideo(db: Knex, fields: VideoFields): Promise<number> {
  const id = nextId();
  const { authorId, state = 'ready', title = `Video ${id}`, publishedAt = 1_700_000_000_000 + id } = fields;
  await db('video').insert({
    ...{ id, author_id: authorId, title, state, created_at: 1_700_000_000_000 + id },
    ...{ original_path: `originals/${id}.mov`, play_path: `play/${id}.mp4`, cover_path: `cover/${id}.jpg` },
    ...{ width: 720, height: 1280, duration_ms: 15_000 },
    published_at: state === 'ready' ? publishedAt : null,
  });
  return id;
}

/** The row of a like with its counters, as the like writer leaves them. */
export async function insertLike(db: Knex, like: { userId: number; videoId: number; version: number }): Promise<void> {
  const { userId, videoId, version } = like;
  await db('favorite').insert({
    ...{ user_id: userId, video_id: videoId, liked: true, version },
    ...{ created_at: 1, updated_at: 1 },
  });
}
