import { Registry } from 'prom-client';
import { type CacheSettings, freshDatabase, freshRedisPrefix } from '../../../test/backends/index.ts';
import { serveApp } from '../../shared/http/server.ts';
import { createIdGenerator } from '../../shared/ids/generator.ts';
import { createLogger } from '../../shared/logger.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { connectRedis, type Redis, untilReady } from '../../shared/redis/connect.ts';
import { publishRevocation } from '../../shared/sessions/channel.ts';
import { followRevocations } from '../../shared/sessions/follow.ts';
import { generousLimits } from '../../shared/test/generous-limits.ts';
import { createTokens, type Tokens } from '../../shared/tokens.ts';
import { createAuthApp } from '../app.ts';
import { createPasswords } from '../passwords.ts';
import { createAccounts } from '../repositories/accounts.ts';
import { createSessionRows } from '../repositories/sessions.ts';
import { createSessions } from '../sessions.ts';

const keys = JSON.stringify([{ kid: 'test', secret: 's'.repeat(32) }]);
const lifetimeSeconds = 3600;

/** What the routes of this service answer. */
export interface Answer {
  status: number;
  headers: Headers;
  body: {
    status_code: number;
    status_msg: string;
    user_id: number;
    token: string;
    /** Of problem details. */
    status: number;
    code: string;
  };
}

/** A process that only verifies tokens, as those of the other services. */
export interface Verifier {
  tokens: Tokens;
  redis: Redis;
}

export interface AuthUnderTest {
  db: Knex;
  redis: Redis;
  cache: CacheSettings;
  tokens: Tokens;
  /** What was logged. */
  lines: string[];
  post(path: string, init?: RequestInit): Promise<Answer>;
  account(route: 'register' | 'login', username: string, password: string): Promise<Answer>;
  verifier(): Promise<Verifier>;
  stop(): Promise<void>;
}

/** The auth service over HTTP on real backends. */
export async function startAuth({ cache }: { cache?: CacheSettings } = {}): Promise<AuthUnderTest> {
  const lines: string[] = [];
  const logger = createLogger({ component: 'auth', level: 'debug' }, { write: (line) => void lines.push(line) });
  const settings = cache ?? (await freshRedisPrefix());
  const keyPrefix = settings.CACHE_KEY_PREFIX;
  const db = connectDatabase(await freshDatabase());
  const closing: (() => void)[] = [];

  const connect = async () => {
    const redis = connectRedis(settings);
    await untilReady(redis);
    const revocations = await followRevocations({ db, redis, keyPrefix, logger });
    closing.push(() => {
      revocations.close();
      redis.disconnect();
    });
    return { redis, revocations, tokens: createTokens({ keys, lifetimeSeconds, revocations }) };
  };
  const { redis, revocations, tokens } = await connect();
  const ids = createIdGenerator({ db, logger });
  const rows = createSessionRows({ db, nextId: ids.next });
  const app = createAuthApp({
    ...{ logger, metrics: new Registry(), ids, tokens, minPasswordLength: 3 },
    accounts: createAccounts({ db }),
    limits: await generousLimits(redis, keyPrefix, ['registrations', 'logins']),
    passwords: await createPasswords(),
    sessions: createSessions({
      ...{ rows, tokens, lifetimeSeconds, revocations, logger },
      publish: (revocation) => publishRevocation(redis, keyPrefix, revocation),
    }),
  });
  const served = await serveApp(app, { port: 0, logger });

  const post = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { method: 'POST', ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    ...{ db, redis, cache: settings, tokens, lines, post },
    account: (route, username, password) =>
      post(`/douyin/user/${route}/?${new URLSearchParams({ username, password })}`),
    verifier: connect,
    stop: async () => {
      await served.drain(100);
      for (const close of closing) close();
      await ids.close();
      await db.destroy();
    },
  };
}

/** A request with a bearer token. */
export const bearing = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
