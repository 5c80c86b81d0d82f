import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type CacheSettings, freshRedisPrefix, sharedBackends } from '../../../test/backends/index.ts';
import { toApiError } from '../errors.ts';
import { connectRedis, mastersOf, type Redis, redisAnswers, untilReady } from '../redis/connect.ts';
import { getMany } from '../redis/get-many.ts';
import { loadScripts } from '../redis/scripts.ts';

const folder = new URL('./scripts/', import.meta.url);

describe('Redis connection', function () {
  this.timeout(30_000);
  let settings: CacheSettings;
  let redis: Redis;
  let key: string;
  before(async () => {
    settings = await freshRedisPrefix();
    key = `${settings.CACHE_KEY_PREFIX}:sum`;
    redis = connectRedis(settings);
    await untilReady(redis);
  });
  after(() => redis.disconnect());

  it('runs scripts by their hash, also after the server has forgotten them', async () => {
    const { addUp } = await loadScripts(redis, folder, ['add-up']);
    assert.equal(await addUp([key], [2]), 2);
    await Promise.all(mastersOf(redis).map((server) => server.script('FLUSH')));
    const sums = await Promise.all([addUp([key], [1]), addUp([key], [1]), addUp([key], [1])]);
    assert.deepEqual(sums, [3, 4, 5]);
  });

  it('refuses a folder with a broken script, and says where it is broken', async () => {
    const broken = new URL('./broken-scripts/', import.meta.url);
    await assert.rejects(loadScripts(redis, broken, ['broken']), /broken\.lua is broken: .*user_script:\d+/);
  });

  it('refuses a folder whose scripts are not the ones listed', async () => {
    const listed: string[] = ['add-up', 'absent'];
    await assert.rejects(loadScripts(redis, folder, listed), /missing absent, not listed none/);
    await assert.rejects(loadScripts(redis, folder, []), /missing none, not listed add-up/);
  });

  it('sends the commands of one tick together', async () => {
    const reads = async () => {
      const texts = await Promise.all(mastersOf(redis).map((server) => server.call('INFO', 'stats')));
      const counts = texts.map((text) => Number(/total_reads_processed:(\d+)/.exec(String(text))?.[1]));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    const before = await reads();
    await Promise.all(Array.from({ length: 50 }, (_, index) => redis.get(`${key}:${index}`)));
    const taken = (await reads()) - before;
    assert.ok(taken <= 3 * mastersOf(redis).length, `${taken} reads by the servers`);
  });

  it('reads keys of any slot, in the order asked for', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `${key}:{${index}}`);
    await Promise.all(keys.map((name, index) => (index % 3 === 0 ? 'none' : redis.set(name, index))));
    const expected = keys.map((_, index) => (index % 3 === 0 ? null : String(index)));
    assert.deepEqual(await getMany(redis, keys), expected);
  });

  it('fails at once while the server is away, and is back by itself', async () => {
    const other = connectRedis(settings);
    await untilReady(other);
    const { pids } = await sharedBackends().redis;
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const startedMs = performance.now();
      const failure = await other.get(key).catch((error: unknown) => error);
      assert.equal(toApiError(failure).code, 'unavailable', String(failure));
      assert.ok(performance.now() - startedMs < 2_500);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await Promise.all(
      mastersOf(redis).map((server) => server.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
    );
    await pause(20);
    const failure = await other.get(key).catch((error: unknown) => error);
    if (failure instanceof Error) assert.equal(toApiError(failure).code, 'unavailable', String(failure));
    await untilReady(other, 5_000);
    assert.ok(redisAnswers(other)());
    assert.equal(await other.get(key), '5');
    other.disconnect();
  });

  it('says where nothing answers when it cannot be reached at start', async () => {
    const nowhere = connectRedis({ ...settings, CACHE_HOST: '127.0.0.2', CACHE_PORT: 1 });
    await assert.rejects(
      untilReady(nowhere, 300),
      /Redis cannot be reached at 127\.0\.0\.2:1: .*(ECONNREFUSED|closed)/,
    );
    nowhere.disconnect();
  });

  it('says so when the password is wrong', async () => {
    const stranger = connectRedis({ ...settings, CACHE_PASSWORD: 'wrong' });
    await assert.rejects(untilReady(stranger, 500), /WRONGPASS|NOAUTH/);
    stranger.disconnect();
  });
});
