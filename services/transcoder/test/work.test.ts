import assert from 'node:assert/strict';
import { pino } from 'pino';
import { freshDatabase } from '../../../test/backends/index.ts';
import { ApiError } from '../../shared/errors.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import type { PublishedVideo } from '../../shared/read-models/changes.ts';
import { Refusal } from '../job/refusal.ts';
import type { Transcode } from '../job/transcode.ts';
import { createWork } from '../job/work.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import type { Transcoded } from '../repositories/transcoded.ts';
import { createUploads } from '../repositories/uploads.ts';

const authorId = 42;
const leaseMs = 2_000;
const made: Transcoded = {
  ...{ playPath: 'play', coverPath: 'cover', hlsPath: 'hls' },
  ...{ width: 720, height: 1280, durationMs: 15_000 },
};
const playable: Transcoded = { ...made, hlsPath: '' };
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('work on an upload', function () {
  this.timeout(30_000);
  let db: Knex;
  let nextVideoId = 1;
  let nextEventId = 1;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    await db('user_counter').insert({ user_id: authorId });
  });
  after(() => db.destroy());

  const addUpload = async () => {
    const videoId = nextVideoId++;
    const times = { created_at: 1, updated_at: 1 };
    await db('video').insert({
      id: videoId,
      author_id: authorId,
      state: 'processing',
      original_path: 'o',
      created_at: 1,
    });
    await db('upload').insert({ video_id: videoId, state: 'queued', ...times });
    return videoId;
  };
  const rows = async (videoId: number) => ({
    video: await db('video').where({ id: videoId }).first(),
    upload: await db('upload').where({ video_id: videoId }).first(),
  });
  const workCount = async () => (await db('user_counter').where({ user_id: authorId }).first()).work_count;

  /** A process with its own name; the transcode is a function of the test. */
  const startWork = (transcode: Transcode) => {
    const seen = { published: [] as PublishedVideo[], removed: [] as string[], deadLetters: [] as string[] };
    const work = createWork({
      uploads: createUploads({ db, ids: { next: async () => nextEventId++ }, holder: 'test', leaseMs }),
      transcode,
      removeOutputs: async (_, which) => seen.removed.push(JSON.stringify(which)),
      models: {
        users: { changed: async () => undefined },
        videos: { changed: async () => undefined, exists: async () => true },
        feed: { add: async (video) => void seen.published.push(video) },
      },
      keepDeadLetter: async ({ videoId }, reason, log) => void seen.deadLetters.push(`${videoId}: ${reason}; ${log}`),
      observe: () => undefined,
      logger: pino({ level: 'silent' }),
      leaseMs,
    });
    return { work, seen };
  };
  const eventsOf = async (videoId: number) => {
    const rows: { payload: { videoId: number } }[] = await db('outbox')
      .where({ topic: 'events' })
      .orderBy('id')
      .select('payload');
    return rows.map(({ payload }) => payload).filter((event) => event.videoId === videoId);
  };
  const endLease = (videoId: number) => db('upload').where({ video_id: videoId }).update({ lease_until: 0 });

  /** Somebody loses a job to another one, before or after its first size could be watched. */
  const overtake = async (videoId: number, { isShownFirst }: { isShownFirst: boolean }) => {
    const workAs = (playPath: string, meanwhile: () => Promise<void>) =>
      startWork(async (_, { onPlayable }) => {
        if (isShownFirst) await onPlayable({ ...playable, playPath });
        await meanwhile();
        return { ...made, playPath };
      });
    const newer = workAs('newer', async () => undefined);
    const slow = workAs('older', async () => {
      await endLease(videoId);
      assert.equal(await newer.work(videoId), 'over');
    });
    const countBefore = await workCount();
    assert.deepEqual(await slow.work(videoId), { againAfterMs: leaseMs });
    assert.equal((await rows(videoId)).video.play_path, 'newer');
    assert.equal(await workCount(), countBefore + 1);
    return { slow, newer };
  };

  it('makes the video ready, counts it and puts it into the feed', async () => {
    const videoId = await addUpload();
    const { work, seen } = startWork(async () => made);
    const countBefore = await workCount();
    assert.equal(await work(videoId), 'over');
    const { video, upload } = await rows(videoId);
    assert.deepEqual([video.state, video.play_path, video.width, video.duration_ms], ['ready', 'play', 720, 15_000]);
    assert.ok(Math.abs(video.published_at - Date.now()) < 5_000);
    assert.equal(upload.state, 'done');
    assert.equal(await workCount(), countBefore + 1);
    assert.deepEqual(seen.published, [{ videoId, authorId, publishedAt: video.published_at }]);
    assert.deepEqual(seen.removed, ['{"butFence":1}']);
  });

  it('lets people watch the first size while the others are made, and tells the author once', async () => {
    const videoId = await addUpload();
    const countBefore = await workCount();
    const { work, seen } = startWork(async (_, { onPlayable, onProgress }) => {
      onProgress(37);
      await onPlayable(playable);
      const { video, upload } = await rows(videoId);
      assert.deepEqual([video.state, video.play_path, video.hls_path], ['ready', 'play', '']);
      assert.deepEqual([upload.state, upload.percent], ['processing', 37]);
      assert.equal(seen.published.length, 1);
      return made;
    });
    assert.equal(await work(videoId), 'over');
    const { video, upload } = await rows(videoId);
    assert.deepEqual([video.hls_path, upload.state, upload.percent], ['hls', 'done', 100]);
    assert.deepEqual(seen.published[1], { videoId, authorId, publishedAt: video.published_at });
    assert.equal(await workCount(), countBefore + 1);
    assert.deepEqual(await eventsOf(videoId), [{ type: 'upload.ready', userId: authorId, videoId }]);
  });

  it('keeps a video whose other sizes cannot be made', async () => {
    const videoId = await addUpload();
    let attempts = 0;
    const { work, seen } = startWork(async (_, { onPlayable }) => {
      attempts += 1;
      await onPlayable({ ...playable, playPath: `play ${attempts}` });
      throw new MediaToolError('ffmpeg', { cause: new Error('killed'), log: 'the last line' });
    });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      assert.deepEqual(await work(videoId), { failed: 'ffmpeg failed: killed' });
      await endLease(videoId);
    }
    assert.equal(await work(videoId), 'over');
    const { video, upload } = await rows(videoId);
    assert.deepEqual([video.state, video.play_path, video.hls_path], ['ready', 'play 4', '']);
    assert.equal(upload.state, 'done');
    assert.deepEqual([seen.deadLetters.length, seen.removed], [1, ['{"butFence":4}']]);
    assert.equal((await eventsOf(videoId)).length, 1);
    assert.equal(await startWork(() => assert.fail('it is over')).work(videoId), 'over');
  });

  it('leaves alone what people watch when its lease is lost after that, and the next owner replaces it', async () => {
    const videoId = await addUpload();
    const { slow, newer } = await overtake(videoId, { isShownFirst: true });
    assert.deepEqual([slow.seen.removed, newer.seen.removed], [[], ['{"butFence":2}']]);
    assert.equal((await eventsOf(videoId)).length, 1);
  });

  it('says again that a video is ready when its message comes again, and counts it once', async () => {
    const videoId = await addUpload();
    await startWork(async () => made).work(videoId);
    const countBefore = await workCount();
    const { work, seen } = startWork(() => assert.fail('there is nothing to do'));
    assert.equal(await work(videoId), 'over');
    assert.equal(seen.published[0]?.videoId, videoId);
    assert.equal(await workCount(), countBefore);
    assert.deepEqual(seen.removed, ['{"butFence":1}'], 'whoever made it ready may have died before it cleared up');
  });

  it('gives each video a time of its own, however many become ready at once', async () => {
    const videoIds = await Promise.all(Array.from({ length: 20 }, addUpload));
    const { work, seen } = startWork(async () => made);
    await Promise.all(videoIds.map(work));
    assert.equal(new Set(seen.published.map(({ publishedAt }) => publishedAt)).size, 20);
  });

  it('leaves the work to who has it, until the lease ends', async () => {
    const videoId = await addUpload();
    const first = startWork((_, { signal }) => untilAborted(signal));
    void first.work(videoId).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const outcome = await startWork(() => assert.fail('it is not ours')).work(videoId);
    assert.ok(outcome !== 'over' && 'againAfterMs' in outcome);
    assert.ok(outcome.againAfterMs > 0 && outcome.againAfterMs <= leaseMs);
    await new Promise((resolve) => setTimeout(resolve, leaseMs + 200));
    assert.notEqual(await startWork(() => assert.fail('the lease was renewed')).work(videoId), 'over');
    await db('upload').where({ video_id: videoId }).update({ state: 'failed' });
  });

  it('lets only the newest owner publish', async () => {
    const videoId = await addUpload();
    const { slow, newer } = await overtake(videoId, { isShownFirst: false });
    assert.deepEqual([slow.seen.removed, newer.seen.removed], [['{"ofFence":1}'], ['{"butFence":2}']]);
  });

  it('stops when the lease is lost', async () => {
    const videoId = await addUpload();
    const { work, seen } = startWork(async (_, { signal }) => {
      await db('upload').where({ video_id: videoId }).update({ fence: 9 });
      return untilAborted(signal);
    });
    assert.deepEqual(await work(videoId), { againAfterMs: leaseMs });
    assert.deepEqual(seen.removed, ['{"ofFence":1}']);
  });

  it('fails a refused file at once, with the reason for its author and without a dead letter', async () => {
    const videoId = await addUpload();
    const { work, seen } = startWork(async () => {
      throw new Refusal({ code: 'too-long', sentence: 'The video is too long.' });
    });
    assert.equal(await work(videoId), 'over');
    const { video, upload } = await rows(videoId);
    assert.deepEqual([video.state, video.reason, video.published_at], ['failed', 'The video is too long.', null]);
    assert.deepEqual([upload.state, upload.attempts], ['failed', 1]);
    assert.deepEqual([seen.deadLetters, seen.published], [[], []]);
    assert.equal(await work(videoId), 'over');
    const reason = 'The video is too long.';
    assert.deepEqual(await eventsOf(videoId), [{ type: 'upload.failed', userId: authorId, videoId, reason }]);
  });

  it('tries again with growing pauses, and after four attempts keeps a dead letter with the end of the log', async () => {
    const videoId = await addUpload();
    const { work, seen } = startWork(async () => {
      throw new MediaToolError('ffmpeg', { cause: new Error('killed with signal SIGKILL'), log: 'the last line' });
    });
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      assert.deepEqual(await work(videoId), { failed: 'ffmpeg failed: killed with signal SIGKILL' });
      const early = await work(videoId);
      assert.ok(early !== 'over' && 'againAfterMs' in early, 'nobody begins before the pause is over');
      pauses.push(early.againAfterMs);
      await endLease(videoId);
    }
    for (const [index, pauseMs] of [5_000, 15_000, 45_000].entries()) {
      const leftMs = pauses[index] ?? 0;
      assert.ok(leftMs > pauseMs - 2_000 && leftMs <= pauseMs, `${leftMs} of ${pauseMs} ms`);
    }
    assert.equal(await work(videoId), 'over');
    assert.deepEqual(seen.deadLetters, [`${videoId}: ffmpeg failed: killed with signal SIGKILL; the last line`]);
    assert.match((await rows(videoId)).video.reason, /upload it again/);
    assert.deepEqual(seen.removed, ['{"butFence":0}']);
  });

  it('waits for a store that is away without counting attempts', async () => {
    const videoId = await addUpload();
    let away = true;
    const { work } = startWork(async () => {
      if (away) throw new ApiError('unavailable');
      return made;
    });
    for (let attempt = 0; attempt < 10; attempt += 1) {
      assert.deepEqual(await work(videoId), { againAfterMs: 10_000 });
      await endLease(videoId);
    }
    away = false;
    assert.equal(await work(videoId), 'over');
    assert.equal((await rows(videoId)).upload.state, 'done');
  });

  it('gives up what kills every process that begins it', async () => {
    const videoId = await addUpload();
    await db('upload').where({ video_id: videoId }).update({ state: 'processing', attempts: 4 });
    const { work, seen } = startWork(() => assert.fail('it is not begun again'));
    assert.equal(await work(videoId), 'over');
    assert.equal(seen.deadLetters.length, 1);
  });

  it('passes over a message without a row', async () => {
    assert.equal(await startWork(() => assert.fail('there is nothing')).work(987_654), 'over');
  });
});
