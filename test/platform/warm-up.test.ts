import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DataSet, fillDataSet, sizes } from '../../bench/api/data-set.ts';
import { connectDatabase } from '../../services/shared/mysql/database.ts';
import { connectRedis, type Redis } from '../../services/shared/redis/connect.ts';
import { readWarmUp, type WarmUpProgress } from '../../services/shared/warm-up/progress.ts';
import { type FeedReaders, readFeed } from './feed-readers.ts';
import { type PlatformUnderTest, startPlatform } from './index.ts';
import { factsFor, objectFor, settingsHere } from './settings.ts';

/** `make test-warm-up` loads 100,000 users and 10,000 videos, kills the Job half-way, and holds latencies against calm. */
const isFull = process.env.WARM_UP_FORM === 'full';
const size = isFull ? 'M' : 'S';
const { users, videos } = sizes[size];
const calmSeconds = isFull ? 20 : 2;
const longestSeconds = 60;
const perSecond = 50;

const entryPoint = fileURLToPath(new URL('../../services/warmup/main.ts', import.meta.url));
const p99 = (ascending: readonly number[]): number => ascending[Math.floor(ascending.length * 0.99)] ?? Number.NaN;

describe(`a warm-up of ${users} users and ${videos} videos`, function () {
  this.timeout(600_000);
  let platform: PlatformUnderTest;
  let dataSet: DataSet;
  let redis: Redis;
  let readers: FeedReaders;
  before(async () => {
    platform = await startPlatform({
      redis: 'single',
      replicas: { auth: 0, user: 0, publish: 0, transcoder: 0, 'like-writer': 0 },
      prepare: async (settings) => {
        const db = connectDatabase(settings);
        dataSet = await fillDataSet(db, size).finally(() => db.destroy());
      },
    });
    redis = connectRedis(platform.settings);
    const tokens = dataSet.userIds.slice(0, 200).map((id) => platform.tokens.issue(id));
    readers = readFeed(platform.url, { perSecond, tokens });
  });
  after(async () => {
    await readers?.stop();
    redis?.disconnect();
    await platform?.stop();
  });

  const begin = (run: string) => {
    const object = objectFor(platform.settings, { warmup: { users, videos, feed: 3_000 } });
    const facts = { ...factsFor(platform.settings, platform.url), warmUpRun: run };
    const env = settingsHere('warmup', object, facts, {});
    return spawn(process.execPath, [entryPoint], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const end = async (job: ReturnType<typeof begin>) => {
    const [log, [code]] = await Promise.all([text(job.stdout), once(job, 'exit')]);
    assert.equal(code, 0, log);
  };
  const report = async () => readWarmUp(redis, platform.settings.CACHE_KEY_PREFIX);
  /** Looks often enough not to miss the little time that a small data set takes. */
  const progressPast = async (some: { users: number; videos: number }): Promise<WarmUpProgress> => {
    for (;;) {
      const progress = (await report())?.progress;
      if (progress && progress.users >= some.users && progress.videos >= some.videos) return progress;
      await pause(5);
    }
  };
  const said = async () => {
    const response = await fetch(new URL('/warm-up', platform.healthOf('video')));
    return response.status === 204 ? 'cold' : response.json();
  };

  it('fills an empty Redis while the feed is served, and the service says so', async () => {
    await pause(2_000);
    readers.take();
    await pause(calmSeconds * 1000);
    const calm = readers.take();
    assert.deepEqual(calm.failures, []);

    await redis.flushall();
    assert.equal(await said(), 'cold');
    const beganMs = performance.now();
    await end(begin('whole'));
    const seconds = (performance.now() - beganMs) / 1000;
    const during = readers.take();

    const told = await report();
    assert.deepEqual(await said(), told);
    assert.deepEqual([told?.run, told?.progress.users, told?.progress.videos], ['whole', users, videos]);
    assert.ok((await redis.dbsize()) > users + videos, 'every user and every video has a key');
    assert.deepEqual(during.failures, []);
    const figures = { seconds, calmMs: p99(calm.tookMs), duringMs: p99(during.tookMs), answers: during.tookMs.length };
    if (isFull) console.log(`      p99 of the feed: ${JSON.stringify(figures)}`);
    assert.ok(seconds < longestSeconds, `${seconds} s`);
    if (!isFull) return; // too few answers for a ratio
    assert.ok(figures.duringMs <= 2 * figures.calmMs, JSON.stringify(figures));
  });

  it('goes on after it was killed half-way', async () => {
    await redis.flushall();
    const killed = begin('cut off');
    const ended = once(killed, 'exit');
    const halfWay = await progressPast(isFull ? { users: users / 2, videos } : { users: 0, videos: 100 });
    killed.kill('SIGKILL');
    await ended;
    assert.ok(halfWay.finishedAtMs === undefined, 'it was killed before its end');
    await end(begin('cut off'));
    const { progress } = (await report()) ?? {};
    assert.equal(progress?.startedAtMs, halfWay.startedAtMs, 'it is the same warm-up');
    assert.equal(progress?.users, users);
    assert.deepEqual(readers.take().failures, []);
  });
});
