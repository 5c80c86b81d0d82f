import { type CacheSettings, freshDatabase, freshRedisPrefix } from '../../../test/backends/index.ts';
import { serveApp } from '../../shared/http/server.ts';
import { createIdGenerator } from '../../shared/ids/generator.ts';
import { createMetrics } from '../../shared/metrics.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { createReadModels, type ReadModels } from '../../shared/read-models/index.ts';
import type { Redis } from '../../shared/redis/connect.ts';
import { generousLimits } from '../../shared/test/generous-limits.ts';
import { createMovableClock } from '../../shared/test/movable-clock.ts';
import { quietLogger } from '../../shared/test/read-models/fixture.ts';
import { statementsDuring } from '../../shared/test/statements.ts';
import { countWaves, type WaveCounter } from '../../shared/test/wave-counter.ts';
import { createTokens } from '../../shared/tokens.ts';
import { createUserApp } from '../app.ts';
import { createFollowRows } from '../repositories/follows.ts';
import { createMessageRows } from '../repositories/messages.ts';

export interface UserFields {
  id: number;
  name: string;
  follow_count: number;
  follower_count: number;
  is_follow: boolean;
  /** Of friends. */
  message?: string;
  msgType?: number;
}

export interface MessageFields {
  id: number;
  from_user_id: number;
  to_user_id: number;
  content: string;
  create_time: number;
}

/** What a route of this service answers. */
export interface Answer {
  httpStatus: number;
  status_code: number;
  status_msg: string;
  user: UserFields;
  user_list: UserFields[];
  message_list: MessageFields[];
  next_cursor?: number;
}

type Values = Record<string, string | number>;

export interface UserService {
  db: Knex;
  redis: Redis;
  cache: CacheSettings;
  models: ReadModels;
  waves: WaveCounter;
  /** Makes the copies old that the process keeps for a moment. */
  ageCopies(): void;
  /** The SQL statements that were sent while something was done. */
  statementsDuring(work: () => Promise<unknown>): Promise<string[]>;
  get(path: string, parameters?: Values, viewerId?: number): Promise<Answer>;
  post(path: string, parameters: Values, viewerId?: number): Promise<Answer>;
  close(): Promise<void>;
}

const keys = JSON.stringify([{ kid: 'test', secret: 'a secret that is only used in this test' }]);

/** The user service over HTTP and real backends; Redis is reached through a counter of waves. */
export async function startUserService(): Promise<UserService> {
  const [database, cache] = await Promise.all([freshDatabase(), freshRedisPrefix()]);
  const waves = await countWaves(cache);
  const db = connectDatabase(database);
  const redis = waves.connect();
  const clock = createMovableClock();
  const models = await createReadModels({
    ...{ db, redis, logger: quietLogger, now: clock.now },
    keyPrefix: cache.CACHE_KEY_PREFIX,
  });
  const tokens = createTokens({ keys });
  const ids = createIdGenerator({ db, logger: quietLogger });
  const app = createUserApp({
    ...{ logger: quietLogger, metrics: createMetrics('user'), tokens, models, ids },
    follows: createFollowRows({ db }),
    limits: await generousLimits(redis, cache.CACHE_KEY_PREFIX, ['follows', 'messages']),
    messages: createMessageRows({ db }),
    mediaBaseUrl: 'http://media/bucket',
    defaultListLimit: 200,
  });
  const served = await serveApp(app, { port: 0, logger: quietLogger });
  const ask = async (path: string, init: RequestInit, viewerId: number | undefined): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (viewerId !== undefined) headers.set('authorization', `Bearer ${tokens.issue(viewerId)}`);
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { ...init, headers });
    return { httpStatus: response.status, ...((await response.json()) as Omit<Answer, 'httpStatus'>) };
  };
  const encode = (values: Values) =>
    new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)]));
  return {
    ...{ db, redis, cache, models, waves },
    ageCopies: () => clock.putForward(2_000),
    statementsDuring: (work) => statementsDuring(db, work),
    get: (path, parameters = {}, viewerId) => ask(`${path}?${encode(parameters)}`, {}, viewerId),
    post: (path, parameters, viewerId) => ask(path, { method: 'POST', body: encode(parameters) }, viewerId),
    close: async () => {
      await served.drain(1000);
      await ids.close();
      redis.disconnect();
      waves.close();
      await db.destroy();
    },
  };
}
