import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import type { Account } from './api-client.ts';
import { makeClip } from './media.ts';
import { isReady, type Platform, sharedPlatform } from './platform.ts';
import { type Journal, journalTable, keepJournal } from './upload-journal.ts';

const uploads = 20;
const partitions = 8;
const autoscaling = {
  mode: 'builtin',
  minReplicas: 0,
  maxReplicas: 4,
  lagThreshold: 5,
  pollingSeconds: 2,
  cooldownSeconds: 30,
  behavior: { scaleDown: { stabilizationWindowSeconds: 30 } },
};
const followedWithinSeconds = 10;
const startsWithinSeconds = 15;
/** So late may be seen here that an upload is over; the cooldown counts from the last reading that saw work. */
const lateSeconds = 5;
/** Of a job beside which another worker comes; it has both cores at first. */
const longClipSeconds = 180;

const secondsSince = (ms: number): number => Math.round((performance.now() - ms) / 100) / 10;

describe('transcoders that follow the uploads', function () {
  this.timeout(900_000);

  let platform: Platform;
  let folder: string;
  let author: Account;
  let journal: Journal;
  const figures: Record<string, number> = {};

  before(async () => {
    platform = await sharedPlatform();
    folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-'));
    await makeClip(join(folder, 'short.mp4'), { seconds: 2, size: '640x360' });
    await makeClip(join(folder, 'long.mp4'), { seconds: longClipSeconds });
    const spec = {
      transcoder: { autoscaling, resources: { requests: { cpu: '50m', memory: '64Mi' } } },
      topics: { uploads: { partitions } },
      limits: { uploadMegabytes: 1024, exemptCidrs: ['0.0.0.0/0'], perUser: { concurrentUploads: 2 * uploads } },
    };
    await platform.kubectl('patch', 'tiktoklite', platform.name, '--type=merge', '-p', JSON.stringify({ spec }));
    await eventually('Ready for it', async () => isReady(await object()), 200);
    author = await platform.api.register(`busy-${Date.now()}`, 'a password of mine');
    await nobodyIsLeft();
    journal = keepJournal(platform);
  });
  after(async () => {
    await journal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const object = () => platform.kubectl.get('tiktoklite', platform.name);
  const scaleOf = async () => {
    const { spec, status } = await platform.kubectl.get('deployment', `${platform.name}-transcoder`);
    return { wanted: Number(spec?.replicas), ready: Number(status?.readyReplicas ?? 0) };
  };
  const nobodyIsLeft = () =>
    eventually('no transcoder', async () => (await scaleOf()).wanted === 0, autoscaling.cooldownSeconds + 60);
  /** What the condition says of the number of transcoders. */
  const sentence = async (): Promise<string> => {
    const conditions = (await object()).status?.conditions as { type: string; message: string }[];
    return conditions.find(({ type }) => type === 'TranscoderScaling')?.message ?? '';
  };
  const restartOperator = () =>
    platform.operatorKubectl('delete', 'pod', '-l', 'app.kubernetes.io/name=tiktok-lite-operator', '--wait=false');
  const areOver = (seconds: number) =>
    eventually('every upload is over', () => journal.entries().every(({ doneMs }) => doneMs !== undefined), seconds);
  const clip = (name: string) => join(folder, name);

  const assertEachOnce = () => {
    console.log(`${journalTable(journal.entries())}\n      ${JSON.stringify(figures)}`);
    for (const { title, state, attempts, pods } of journal.entries()) {
      assert.equal(`${title} ${state} ${attempts}`, `${title} done 1`);
      assert.ok(pods.length <= 1, `${title} was worked on by ${pods}`);
    }
  };
  /** From the last upload's end on, what was there stays for the cooldown, and goes soon after it. */
  const assertGone = async () => {
    const lastDoneMs = Math.max(...journal.entries().map(({ doneMs = 0 }) => doneMs));
    await nobodyIsLeft();
    figures.goneAfterSeconds = secondsSince(lastDoneMs);
    const least = autoscaling.cooldownSeconds - autoscaling.pollingSeconds - lateSeconds;
    assert.ok(secondsSince(lastDoneMs) >= least, `gone after ${figures.goneAfterSeconds} s: the cooldown is kept`);
    const isTold = async () => /^0 transcoders: there is nothing to do/.test(await sentence());
    await eventually('the condition says so', isTold);
  };

  it('are as many as twenty uploads at once need, work on each once though the operator restarts, and go', async () => {
    const titles = Array.from({ length: uploads }, (_, index) => `burst ${index}`);
    const acknowledged = titles.map((title) => journal.publish(author.token, clip('short.mp4'), title));
    const { acknowledgedMs } = await Promise.any(acknowledged);
    await eventually('three at least', async () => (await scaleOf()).wanted >= 3, followedWithinSeconds);
    figures.threeAfterSeconds = secondsSince(acknowledgedMs);
    await Promise.all(acknowledged);
    const most = Math.min(autoscaling.maxReplicas, partitions, Math.ceil(uploads / autoscaling.lagThreshold));
    await eventually('as many as the lag needs', async () => (await scaleOf()).wanted === most, followedWithinSeconds);
    figures.allAfterSeconds = secondsSince(acknowledgedMs);
    await restartOperator();
    await eventually('all of them ready', async () => (await scaleOf()).ready === most, 120);
    figures.readyAfterSeconds = secondsSince(acknowledgedMs);
    await areOver(400);
    assertEachOnce();
    await assertGone();
  });

  it('take work off one that has a long job, which goes on', async () => {
    const long = await journal.publish(author.token, clip('long.mp4'), 'long');
    await eventually('somebody works on it', () => long.startedMs, 60);
    figures.longStartedAfterSeconds = secondsSince(long.acknowledgedMs);
    // Enough that some of them lie in partitions that the second one gets.
    const few = Array.from({ length: 2 * autoscaling.lagThreshold - 1 }, (_, index) => `beside ${index}`);
    await Promise.all(few.map((title) => journal.publish(author.token, clip('short.mp4'), title)));
    await eventually('a second one is ready', async () => (await scaleOf()).ready >= 2, 60);
    const readyMs = performance.now();
    const others = () => journal.entries().filter(({ title, pods }) => title.startsWith('beside') && pods.length > 0);
    await eventually('it works', () => others().length > 0, startsWithinSeconds);
    figures.secondStartedAfterSeconds = secondsSince(readyMs);
    assert.equal(long.doneMs, undefined, 'the long job still runs');
    await restartOperator();
    await areOver(600);
    figures.longTookSeconds = Math.round(((long.doneMs ?? 0) - (long.startedMs ?? 0)) / 1000);
    assertEachOnce();
    await assertGone();
  });
});
