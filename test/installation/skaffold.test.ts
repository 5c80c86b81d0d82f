import assert from 'node:assert/strict';
import { createApiClient } from '../acceptance/api-client.ts';
import { isReady } from '../acceptance/platform.ts';
import { eventually } from '../eventually.ts';
import { assertNoPlatform, emptyCluster, kubectl } from './empty-cluster.ts';
import { type Skaffold, startSkaffold } from './skaffold.ts';
import { copySources, type SourceCopy } from './source-copy.ts';

/** From a saved file to what it does, at most. */
const seenWithinSeconds = 5;

/** Saves an edit and waits until it shows; tells how long that took. */
async function secondsUntilSeen(save: () => Promise<void>, isSeen: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  await save();
  await eventually('the edit to show', isSeen, 60);
  return (performance.now() - startedMs) / 1000;
}

describe('skaffold', function () {
  this.timeout(900_000);
  let sources: SourceCopy;
  let watching: Skaffold | undefined;

  before(async () => {
    await assertNoPlatform();
    sources = await copySources();
  });
  after(async () => {
    await watching?.stop();
    await sources?.remove();
    await emptyCluster();
  });

  const skaffold = (...args: string[]) => startSkaffold(sources.path, ...args).done();
  const feed = async () => {
    const { url } = (await kubectl.get('tiktoklite', 'demo')).status as { url: string };
    return (await createApiClient(url).feed()) as { status_msg: string };
  };

  it('run on an empty cluster ends with a platform that is Ready', async () => {
    const startedMs = performance.now();
    await skaffold('run');
    assert.ok(isReady(await kubectl.get('tiktoklite', 'demo')));
    console.log(`      ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  });

  it('verify asks the platform from within the cluster', async () => {
    const builds = `${sources.path}/builds.json`;
    await skaffold('build', '--quiet', `--file-output=${builds}`);
    await skaffold('verify', `--build-artifacts=${builds}`);
  });

  describe('dev', () => {
    before(async () => {
      watching = startSkaffold(sources.path, 'dev', '--cleanup=false', '--port-forward=off', '--tail=false');
      await watching.said('Watching for changes');
      // Only the image of development has this folder.
      await eventually(
        'the services of development',
        () => kubectl('exec', 'deployment/demo-video', '--', 'ls', '/tmp/app'),
        240,
      );
      await eventually('a Ready platform', async () => isReady(await kubectl.get('tiktoklite', 'demo')), 240);
    });

    it('shows an edited service over HTTP', async () => {
      const seconds = await secondsUntilSeen(
        () => sources.edit('services/video/routes/feed.ts', '"status_msg":"ok"', '"status_msg":"edited"'),
        async () => (await feed()).status_msg === 'edited',
      );
      console.log(`      ${seconds.toFixed(1)} s`);
      assert.ok(seconds <= seenWithinSeconds, `${seconds} s`);
    });

    it('lets an edited operator act', async () => {
      const seconds = await secondsUntilSeen(
        () =>
          sources.edit(
            'operator/resources/service.ts',
            "metadata: childMeta(platform, 'gateway'),",
            "metadata: { ...childMeta(platform, 'gateway'), annotations: { 'example.org/edited': 'yes' } },",
          ),
        async () => JSON.stringify(await kubectl.get('service', 'demo-gateway')).includes('"example.org/edited":"yes"'),
      );
      console.log(`      ${seconds.toFixed(1)} s`);
      assert.ok(seconds <= seenWithinSeconds, `${seconds} s`);
    });

    it('keeps the image read-only', async () => {
      const write = kubectl('exec', 'deployment/demo-video', '--', 'touch', '/app/services/x');
      await assert.rejects(write, /Read-only file system/);
    });
  });
});
