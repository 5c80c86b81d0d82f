import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { createObjectStore, type ObjectStore, objectNames } from '../../services/shared/object-store/object-store.ts';
import { createRemoveOutputs } from '../../services/transcoder/job/leftovers.ts';
import { removeLeftovers } from '../../services/transcoder/job/sweep-leftovers.ts';
import { createUploads } from '../../services/transcoder/repositories/uploads.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { type Process, sendClip, startPlatform } from '../../services/transcoder/test/processes.ts';
import { eventually } from '../eventually.ts';
import { createChance } from '../properties/chance.ts';

const kills = Number(process.env.TRANSCODER_KILLS ?? 1);
const uploads = Number(process.env.TRANSCODER_UPLOADS ?? 6);
const seed = process.env.SEED ?? randomBytes(4).toString('hex');
/** From a kill until another worker has the job: the lease, and what Kafka takes to notice. */
const takenUpSeconds = 60;
const workerCount = 3;
const authorId = 42;

describe(`several transcoders (${kills} kills, ${uploads} uploads, SEED=${seed})`, function () {
  this.timeout(60_000 + kills * 240_000 + uploads * 60_000);
  const chance = createChance(seed, 'kills of transcoders');
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-crowd-'));
  const clip = (name: string) => join(folder, name);
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let publish: Process;
  let workers: Process[];
  let db: Knex;
  let store: ObjectStore;

  before(async () => {
    platform = await startPlatform();
    db = connectDatabase(platform.settings);
    store = createObjectStore(platform.settings);
    await db('user_counter').insert({ user_id: authorId });
    publish = await platform.start('publish');
    workers = await Promise.all(Array.from({ length: workerCount }, () => platform.start('transcoder')));
    makeClip(clip('tiny.mp4'), { seconds: 1 });
    makeClip(clip('longer.mp4'), { seconds: 8, size: '1280x720' });
  });
  after(async () => {
    await platform.stop();
    store.close();
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  const upload = async (file: string): Promise<number> => {
    const title = randomBytes(8).toString('hex');
    await sendClip(publish, { token: platform.tokens.issue(authorId), file, title });
    return (await db('video').where({ title }).first('id')).id;
  };
  const workOf = (videoId: number) => db('upload').where({ video_id: videoId }).first();
  const done = async (videoId: number, seconds = 200) => {
    const isDone = async () => (await workOf(videoId)).state === 'done';
    await eventually(`upload ${videoId} to be done`, isDone, seconds);
    return db('video').where({ id: videoId }).first();
  };
  const workCount = async () => (await db('user_counter').where({ user_id: authorId }).first()).work_count;
  const eventsOf = async (videoId: number) => {
    const rows: { payload: { type: string; videoId: number } }[] = await db('outbox').where({ topic: 'events' });
    return rows.map(({ payload }) => payload).filter((event) => event.videoId === videoId);
  };

  /** One set of outputs lies in the store, all of it is there, and nothing else. */
  const assertOneSet = async (videoId: number) => {
    const { hls_path: master, play_path: first } = await db('video').where({ id: videoId }).first();
    const { published_fence: fence } = await workOf(videoId);
    const mediaFolder = master.slice(0, master.lastIndexOf('/') + 1);
    const there: string[] = [];
    for await (const { path } of store.list('media', mediaFolder)) there.push(path.slice(mediaFolder.length));
    assert.deepEqual(
      there.filter((name) => !name.startsWith(`${fence}-`)),
      [],
    );
    for (const path of [master, first])
      assert.ok(there.includes(path.slice(mediaFolder.length)), `${path} is not there`);
    const url = `${platform.settings.OBJECT_STORE_ENDPOINT}/${platform.settings.OBJECT_STORE_MEDIA_BUCKET}/`;
    const text = await (await fetch(url + master)).text();
    for (const [, name] of text.matchAll(/^([^#\s].*)$/gm))
      assert.ok(there.includes(name ?? ''), `${name} is not there`);
  };
  /** Removes what workers left that lost their job, as every transcoder does now and then. */
  const sweep = async () => {
    const options = {
      db,
      ids: { next: () => Promise.reject(new Error('a sweep tells nobody')) },
      holder: '',
      leaseMs: 1,
    };
    await db('upload').where('lease_until', '>', 0).whereIn('state', ['done', 'failed']).update({ lease_until: 1 });
    const names = objectNames(platform.settings.OBJECT_STORE_PREFIX);
    await removeLeftovers({ uploads: createUploads(options), removeOutputs: createRemoveOutputs({ store, names }) });
  };
  /** Whether a worker has files of a job. */
  const isAtWork = ({ child, ffmpeg }: Process): boolean =>
    readdirSync(join(ffmpeg?.settings.FFMPEG_FOLDER ?? '', `transcoder-${child.pid}`)).length > 0;

  it('make each upload ready once while two of them are restarted in turn', async () => {
    const countBefore = await workCount();
    const videoIds: number[] = [];
    while (videoIds.length < uploads) videoIds.push(await upload(clip('tiny.mp4')));
    const restart = async (index: number) => {
      const heir = platform.start('transcoder');
      await workers[index]?.end('SIGTERM');
      workers[index] = await heir;
    };
    await done(videoIds[0] ?? 0);
    for (const index of [0, 1]) await restart(index);
    for (const videoId of videoIds) {
      await done(videoId);
      assert.equal((await workOf(videoId)).attempts, 1, 'no transcode was done twice');
      assert.deepEqual(await eventsOf(videoId), [{ type: 'upload.ready', userId: authorId, videoId }]);
      await assertOneSet(videoId);
    }
    assert.equal(await workCount(), countBefore + uploads);
  });

  it('take up the job of one that was killed at any moment, and leave one set of outputs', async () => {
    const startedMs = performance.now();
    await done(await upload(clip('longer.mp4')));
    const usualMs = performance.now() - startedMs;
    const takenUp: string[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      const countBefore = await workCount();
      const videoId = await upload(clip('longer.mp4'));
      await eventually('a worker to have the job', async () => (await workOf(videoId)).state === 'processing');
      const index = await eventually('its files', () => workers.map(isAtWork).indexOf(true) + 1).then(
        (place) => place - 1,
      );
      await pause(chance.below(Math.round(usualMs * 0.8)));
      const { state, fence } = await workOf(videoId);
      await workers[index]?.end('SIGKILL');
      const killedMs = performance.now();
      workers[index] = await platform.start('transcoder');
      const isTakenUp = async () => {
        const work = await workOf(videoId);
        return work.fence > fence || work.state === 'done';
      };
      await eventually('another worker to take it up', isTakenUp, takenUpSeconds);
      takenUp.push(`${state} ${Math.round((performance.now() - killedMs) / 1000)} s`);
      await done(videoId);
      await sweep();
      await assertOneSet(videoId);
      assert.equal(await workCount(), countBefore + 1);
      assert.equal((await eventsOf(videoId)).length, 1, 'its author heard of it once');
    }
    console.log(`      taken up after: ${takenUp.join(', ')}; usual job ${Math.round(usualMs / 1000)} s`);
  });
});
