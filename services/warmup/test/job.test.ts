import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freshDatabase, freshRedisPrefix } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { connectRedis, type Redis } from '../../shared/redis/connect.ts';
import { readWarmUp } from '../../shared/warm-up/progress.ts';
import { insertCrowd } from './crowd.ts';

const entryPoint = fileURLToPath(new URL('../main.ts', import.meta.url));
const users = 5_000;

describe('the warm-up Job', function () {
  this.timeout(90_000);
  let db: Knex;
  let redis: Redis;
  let settings: Record<string, string | number>;
  before(async () => {
    const [database, cache] = await Promise.all([freshDatabase(), freshRedisPrefix()]);
    settings = {
      ...{ ...database, ...cache, FEED_CACHE_SIZE: 30 },
      ...{ WARMUP_RUN: 'first', WARMUP_USERS: users, WARMUP_VIDEOS: 50, WARMUP_FEED: 50 },
    };
    db = connectDatabase(database);
    redis = connectRedis(cache);
    await insertCrowd(db, { users, videos: 50 });
  });
  after(async () => {
    redis.disconnect();
    await db.destroy();
  });

  const begin = () => {
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
    return spawn(process.execPath, [entryPoint], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const progress = async () => (await readWarmUp(redis, String(settings.CACHE_KEY_PREFIX)))?.progress;

  it('goes on after it was killed half-way, and ends with 0', async () => {
    const killed = begin();
    const ended = once(killed, 'exit');
    const seen = await eventually('some users are loaded', async () => {
      const users = (await progress())?.users ?? 0;
      return users > 500 && users;
    });
    killed.kill('SIGKILL');
    await ended;
    assert.ok(seen < users, 'it was killed before its end');
    assert.equal((await progress())?.finishedAtMs, undefined);
    const next = begin();
    const [output, [code]] = await Promise.all([text(next.stdout), once(next, 'exit')]);
    assert.equal(code, 0, output);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines[0].msg, 'a warm-up that was begun before goes on');
    assert.ok(lines[0].users >= seen);
    assert.equal(lines.at(-1).msg, 'the cache is warm');
    assert.equal((await progress())?.users, users);
  });
});
