import assert from 'node:assert/strict';
import { resources } from '../../operator/kubernetes/resources.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import type { CacheAnswer } from '../../operator/warm-up/ask.ts';
import { warmUpAnnotation } from '../../operator/warm-up/run.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

describe('the warm-up of a platform', function () {
  this.timeout(90_000);
  let cluster: OperatedCluster;
  let answer: CacheAnswer;
  beforeEach(async () => {
    answer = 'unknown';
    cluster = await operatedCluster({ askCache: async () => answer });
  });
  afterEach(() => cluster.stop());

  const job = async () =>
    (await cluster.list(resources.jobs)).find(({ metadata }) => metadata.name.startsWith('demo-warmup-'));
  const runOf = async () => (await cluster.find(resources.configMaps, 'demo-warmup'))?.data?.WARMUP_RUN ?? '';
  const filled = async (users: number): Promise<CacheAnswer> => ({
    run: await runOf(),
    progress: { users, videos: 10, startedAtMs: 1_000, finishedAtMs: 61_000 },
  });
  const hasReason = (reason: string) =>
    eventually(reason, async () => {
      await cluster.nudge();
      return (await cluster.condition('CacheWarm'))?.reason === reason;
    });
  /** A platform whose cache is warm. */
  const warm = async (warmup = {}) => {
    await cluster.run(true);
    await cluster.apply({ warmup });
    await cluster.ready();
    await eventually('the Job is there', job);
    answer = await filled(77);
    await hasReason('CacheWarm');
  };

  it('fills the cache of a new platform as the object says, and tells how far it is', async () => {
    await warm({ users: 500, videos: 60, feed: 50 });
    const settings = await cluster.find(resources.configMaps, 'demo-warmup');
    assert.deepEqual(
      [settings?.data?.WARMUP_USERS, settings?.data?.WARMUP_VIDEOS, settings?.data?.WARMUP_FEED],
      ['500', '60', '50'],
    );
    const { status } = await eventually('the progress is told', async () => {
      const platform = await cluster.platform();
      return platform.status?.warmUp && platform;
    });
    assert.deepEqual(status?.warmUp, {
      ...{ run: await runOf(), users: 77, videos: 10 },
      ...{ startedAt: '1970-01-01T00:00:01Z', finishedAt: '1970-01-01T00:01:01Z' },
    });
  });

  it('fills it again after it was lost, and does not take Ready away meanwhile', async () => {
    await warm();
    const before = await job();
    answer = 'cold';
    const after = await eventually('the Job was made again', async () => {
      await cluster.nudge();
      const live = await job();
      return live && live.metadata.uid !== before?.metadata.uid && live;
    });
    assert.equal(after.metadata.name, before?.metadata.name, 'it is the same warm-up');
    assert.equal((await cluster.condition('Ready'))?.status, 'True');
    answer = await filled(78);
    await hasReason('CacheWarm');
  });

  it('is begun by the annotation, by other amounts and by another version of the services', async () => {
    await warm();
    const runs = new Set([await runOf()]);
    const another = async (why: string) => {
      await eventually(why, async () => !runs.has(await runOf()));
      runs.add(await runOf());
      await eventually('its Job is the only one', async () => {
        const jobs = await cluster.list(resources.jobs);
        return jobs.filter(({ metadata }) => metadata.name.startsWith('demo-warmup-')).length === 1;
      });
    };
    const annotated = { metadata: { annotations: { [warmUpAnnotation]: 'now' } } };
    await cluster.client.patchMerge(tiktokLites, { namespace: cluster.namespace, name: 'demo' }, annotated);
    await another('the annotation');
    await cluster.apply({ warmup: { users: 5 } });
    await another('other amounts');
    await cluster.apply({ warmup: { users: 5 }, images: { tag: 'next' } });
    await another('another version');
    assert.equal(runs.size, 4);
    const run = await runOf();
    await cluster.apply({ warmup: { users: 5, onUpgrade: false }, images: { tag: 'next' } });
    await another('no reason of a version');
    assert.notEqual(await runOf(), run);
    const unversioned = await runOf();
    await cluster.apply({ warmup: { users: 5, onUpgrade: false }, images: { tag: 'third' } });
    await cluster.ready();
    assert.equal(await runOf(), unversioned, 'a version is no reason any more');
  });

  it('is waited for by the first Ready where the object asks for it', async () => {
    answer = 'cold';
    await cluster.run(true);
    await cluster.apply({ warmup: { beforeReady: true } });
    await eventually('Ready waits for the cache', async () => {
      const ready = await cluster.condition('Ready');
      return ready?.status === 'False' && (ready.reason === 'WarmingUp' || ready.reason === 'CacheLost');
    });
    answer = await filled(1);
    await cluster.nudge();
    await cluster.ready();
  });

  it('refuses a schedule that cron could not read', async () => {
    for (const schedule of ['every day', '60 * * * *', '* * * *', '* 24 * * *', '0 0 32 * *', '0 0 * * 7']) {
      await assert.rejects(cluster.apply({ warmup: { schedule } }), /spec\.warmup\.schedule/, schedule);
    }
    await cluster.apply({ warmup: { schedule: '*/15 4-6 1,15 * 1-5' } });
  });
});
