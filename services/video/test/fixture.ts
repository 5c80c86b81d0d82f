import { type CacheSettings, freshDatabase, freshRedisPrefix, freshTopicPrefix } from '../../../test/backends/index.ts';
import { serveApp } from '../../shared/http/server.ts';
import { createIdGenerator } from '../../shared/ids/generator.ts';
import { createKafka, type KafkaPort } from '../../shared/kafka/client.ts';
import { createMetrics } from '../../shared/metrics.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { createReadModels, type ReadModels } from '../../shared/read-models/index.ts';
import type { Redis } from '../../shared/redis/connect.ts';
import { generousLimits } from '../../shared/test/generous-limits.ts';
import { createMovableClock } from '../../shared/test/movable-clock.ts';
import { quietLogger } from '../../shared/test/read-models/fixture.ts';
import { countWaves, type WaveCounter } from '../../shared/test/wave-counter.ts';
import { createTokens } from '../../shared/tokens.ts';
import { createVideoApp } from '../app.ts';
import { createLikeEvents } from '../like-events.ts';
import { createCommentRows } from '../repositories/comments.ts';

export interface VideoFields {
  id: number;
  title: string;
  play_url: string;
  cover_url: string;
  favorite_count: number;
  comment_count: number;
  is_favorite: boolean;
  state: string;
  reason?: string;
  author: { id: number; name: string; favorite_count: number; total_favorited: number; is_follow: boolean };
}

export interface CommentFields {
  id: number;
  content: string;
  create_date: string;
  created_at: number;
  user: { id: number; name: string; is_follow: boolean };
}

/** What a route of this service answers. */
export interface Answer {
  httpStatus: number;
  status_code: number;
  status_msg: string;
  video_list: VideoFields[];
  comment: CommentFields;
  comment_list: CommentFields[];
  next_time: number;
  next_cursor?: number;
}

export interface VideoService {
  db: Knex;
  redis: Redis;
  cache: CacheSettings;
  kafka: KafkaPort;
  topicPrefix: string;
  models: ReadModels;
  waves: WaveCounter;
  /** Makes the copies old that the process keeps for a moment. */
  ageCopies(): void;
  get(path: string, parameters?: Record<string, string | number>, viewerId?: number): Promise<Answer>;
  post(path: string, body: Record<string, string | number>, viewerId?: number): Promise<Answer>;
  /** Likes or unlikes. */
  act(viewerId: number | undefined, body: Record<string, string | number>): Promise<Answer>;
  close(): Promise<void>;
}

interface VideoServiceOptions {
  feedPageSize: number;
  feedCacheSize: number;
  /** Instead of a prefix under which the topics exist. */
  topicPrefix: string;
}

const keys = JSON.stringify([{ kid: 'test', secret: 'a secret that is only used in this test' }]);

/** The video service over HTTP and real backends; Redis is reached through a counter of waves. */
export async function startVideoService(options: Partial<VideoServiceOptions> = {}): Promise<VideoService> {
  const { feedPageSize = 30, feedCacheSize = 100 } = options;
  const [database, cache, topics] = await Promise.all([freshDatabase(), freshRedisPrefix(), freshTopicPrefix()]);
  const waves = await countWaves(cache);
  const topicPrefix = options.topicPrefix ?? topics.KAFKA_TOPIC_PREFIX;
  const db = connectDatabase(database);
  const redis = waves.connect();
  const kafka = createKafka({ brokers: topics.KAFKA_BROKERS, clientId: 'test', logger: quietLogger });
  const producer = kafka.producer();
  const clock = createMovableClock();
  const models = await createReadModels({
    ...{ db, redis, feedCacheSize, logger: quietLogger, now: clock.now },
    keyPrefix: cache.CACHE_KEY_PREFIX,
  });
  const tokens = createTokens({ keys });
  const ids = createIdGenerator({ db, logger: quietLogger });
  const app = createVideoApp({
    ...{ logger: quietLogger, metrics: createMetrics('video'), tokens, models, feedPageSize, ids },
    comments: createCommentRows({ db }),
    likeEvents: createLikeEvents(producer, topicPrefix),
    limits: await generousLimits(redis, cache.CACHE_KEY_PREFIX, ['likes', 'comments']),
    signOriginal: async (path) => `http://originals/${path}?signature=1`,
    mediaBaseUrl: 'http://media/bucket/',
    publicUrl: 'http://platform',
    defaultListLimit: 200,
  });
  const served = await serveApp(app, { port: 0, logger: quietLogger });
  const ask = async (path: string, init: RequestInit, viewerId: number | undefined): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (viewerId !== undefined) headers.set('authorization', `Bearer ${tokens.issue(viewerId)}`);
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { ...init, headers });
    return { httpStatus: response.status, ...((await response.json()) as Omit<Answer, 'httpStatus'>) };
  };
  const encode = (parameters: Record<string, string | number>) =>
    new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const post: VideoService['post'] = (path, body, viewerId) =>
    ask(path, { method: 'POST', body: encode(body) }, viewerId);
  return {
    ...{ db, redis, cache, kafka, models, waves, topicPrefix },
    ageCopies: () => clock.putForward(2_000),
    get: (path, parameters = {}, viewerId) => ask(`${path}?${encode(parameters)}`, {}, viewerId),
    post,
    act: (viewerId, body) => post('/douyin/favorite/action/', body, viewerId),
    close: async () => {
      await served.drain(1000);
      await producer.close();
      await ids.close();
      redis.disconnect();
      waves.close();
      await db.destroy();
    },
  };
}
