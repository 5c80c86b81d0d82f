import assert from 'node:assert/strict';
import Router from '@koa/router';
import { Registry } from 'prom-client';
import { type CacheSettings, freshPrefixOn, freshRedisPrefix } from '../../../test/backends/index.ts';
import { startRedis } from '../../../test/backends/redis.ts';
import { createApp } from '../http/app.ts';
import { authenticate } from '../http/authentication.ts';
import type { RequestState } from '../http/context.ts';
import { serveApp } from '../http/server.ts';
import { perMinute } from '../rate-limits/rate.ts';
import { createRateLimits } from '../rate-limits/rate-limits.ts';
import { connectRedis, untilReady } from '../redis/connect.ts';
import { keysLike, quietLogger } from './read-models/fixture.ts';

const tokens = { verify: (token: string) => Number(token) || undefined };

/** One process that limits what is done: 3 times a minute by a user, 5 times from an address. */
async function startLimited(cache: CacheSettings, exempt = 'none') {
  const redis = connectRedis(cache);
  await untilReady(redis);
  const limits = await createRateLimits({
    ...{ redis, logger: quietLogger },
    config: {
      CACHE_KEY_PREFIX: cache.CACHE_KEY_PREFIX,
      HTTP_TRUSTED_CIDRS: '127.0.0.0/8,::1/128',
      LIMIT_EXEMPT_CIDRS: exempt,
    },
    allowances: { likes: { perUser: perMinute(3), perIp: perMinute(5) }, logins: { perUser: perMinute(2) } },
  });
  const router = new Router<RequestState>()
    .post('/douyin/like/', async (ctx) => {
      await limits.take(ctx, 'likes');
      ctx.body = { status_code: 0 };
    })
    .post('/v1/login/', async (ctx) => {
      await limits.take(ctx, 'logins', { account: ctx.state.parameters.get('name') ?? '' });
      ctx.body = {};
    });
  const app = createApp({ logger: quietLogger, metrics: new Registry(), empty: { '/douyin/like/': { user_id: 0 } } })
    .use(authenticate(tokens))
    .use(router.routes());
  const served = await serveApp(app, { port: 0, logger: quietLogger });
  const post = async (path: string, address: string) => {
    const headers = { 'x-forwarded-for': address };
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { method: 'POST', headers });
    return {
      status: response.status,
      retryAfter: Number(response.headers.get('retry-after')),
      body: await response.json(),
    };
  };
  return {
    redis,
    like: (userId: number, address: string) => post(`/douyin/like/?token=${userId}`, address),
    login: (name: string, address: string) => post(`/v1/login/?name=${encodeURIComponent(name)}`, address),
    stop: async () => {
      await served.drain(100);
      redis.disconnect();
    },
  };
}

type Limited = Awaited<ReturnType<typeof startLimited>>;

const statuses = async (answers: Iterable<Promise<{ status: number }>>): Promise<number[]> => {
  const list: number[] = [];
  for await (const { status } of answers) list.push(status);
  return list;
};

describe('rate limits', function () {
  this.timeout(30_000);
  let cache: CacheSettings;
  let one: Limited;
  let other: Limited;
  before(async () => {
    cache = await freshRedisPrefix();
    [one, other] = [await startLimited(cache), await startLimited(cache)];
  });
  after(() => Promise.all([one.stop(), other.stop()]));

  function* likes(userId: number, address: string, count: number) {
    for (let index = 0; index < count; index += 1) yield (index % 2 === 0 ? one : other).like(userId, address);
  }

  it('count a user in all processes together, wherever the user is', async () => {
    assert.deepEqual(await statuses(likes(1, '192.0.2.1', 3)), [200, 200, 200]);
    assert.deepEqual(await statuses(likes(1, '192.0.2.2', 1)), [429]);
    assert.deepEqual(await statuses(likes(2, '192.0.2.3', 1)), [200]);
  });

  it('count an address, whoever the user is', async () => {
    for (const userId of [11, 12, 13, 14, 15]) assert.deepEqual(await statuses(likes(userId, '192.0.2.10', 1)), [200]);
    assert.deepEqual(await statuses(likes(16, '192.0.2.10', 1)), [429]);
    assert.deepEqual(await statuses(likes(16, '192.0.2.11', 1)), [200]);
  });

  it('say when to come back, in the form of each surface, and let nobody wait longer', async () => {
    await statuses(likes(20, '192.0.2.20', 3));
    const { status, retryAfter, body } = await one.like(20, '192.0.2.20');
    assert.deepEqual([status, body.status_code, body.user_id], [429, 42901, 0]);
    assert.ok(retryAfter > 17 && retryAfter <= 20, `${retryAfter}`);
    assert.equal(body.status_msg, `too many likes: try again in ${retryAfter} seconds`);
    await statuses([one.login('x', '192.0.2.21'), one.login('x', '192.0.2.21')]);
    const problem = await one.login('x', '192.0.2.21');
    assert.deepEqual([problem.status, problem.body.code], [429, 'too_many_requests']);
  });

  it('count an account by the name that is tried, from wherever', async () => {
    const tries = ['192.0.2.30', '192.0.2.31', '192.0.2.32'].map((address) => one.login('someone', address));
    assert.deepEqual((await statuses(tries)).sort(), [200, 200, 429]);
    assert.deepEqual(await statuses([one.login('someone else', '192.0.2.30')]), [200]);
    assert.ok((await keysLike(one.redis, `${cache.CACHE_KEY_PREFIX}*`)).every((key) => !key.includes('someone')));
  });

  it('never let through more than there is, however many come at once', async () => {
    const flood = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : other).like(40, '192.0.2.40'));
    const passed = (await statuses(flood)).filter((status) => status === 200);
    assert.equal(passed.length, 3);
  });

  it('leave no key behind that does not vanish by itself', async () => {
    const keys = await keysLike(one.redis, `${cache.CACHE_KEY_PREFIX}*`);
    assert.ok(keys.length > 0);
    for (const key of keys) assert.ok((await one.redis.pttl(key)) > 0, key);
  });

  it('leave the networks alone that are exempt', async () => {
    const exempting = await startLimited(cache, '198.51.100.0/24');
    try {
      const answers = Array.from({ length: 9 }, () => exempting.like(50, '198.51.100.7'));
      assert.deepEqual([...new Set(await statuses(answers))], [200]);
    } finally {
      await exempting.stop();
    }
  });

  it('go on in each process while Redis is away', async () => {
    const server = await startRedis();
    const lonely = await startLimited(freshPrefixOn(server));
    try {
      await server.stop();
      const answers = Array.from({ length: 4 }, () => lonely.like(60, '192.0.2.60'));
      assert.deepEqual((await statuses(answers)).sort(), [200, 200, 200, 429]);
    } finally {
      await lonely.stop();
    }
  });
});
