import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshBuckets, type ObjectStoreSettings } from '../../../test/backends/index.ts';
import { readPublishedSet, type Variant } from '../../../test/media/published-set.ts';
import { createFfmpegProcess } from '../../../test/platform/ffmpeg-process.ts';
import { createObjectStore, type ObjectStore, objectNames } from '../../shared/object-store/object-store.ts';
import { createTranscode } from '../job/transcode.ts';
import { createWorkspace, type Workspace } from '../job/workspace.ts';
import { parseLadder } from '../media/ladder.ts';
import { inspect, keyframes, loudness, makeClip, startOf } from './clips.ts';

const ladder = parseLadder('120:200,180:400,240:800');
const limits = { maxDurationSeconds: 30, maxPixels: 9_000_000, ladder };

describe('the sizes of a video', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-sizes-'));
  const clip = (name: string) => join(folder, name);
  let settings: ObjectStoreSettings;
  let store: ObjectStore;
  const ffmpeg = createFfmpegProcess();
  let workspace: Workspace;
  let videoId = 0;

  before(async () => {
    settings = await freshBuckets();
    store = createObjectStore(settings);
    await ffmpeg.process.start();
    workspace = await createWorkspace(ffmpeg.settings.FFMPEG_FOLDER);
  });
  after(async () => {
    await workspace.close();
    store.close();
    await ffmpeg.remove();
    rmSync(folder, { recursive: true });
  });

  const fetched = async (url: string) => {
    const response = await fetch(url);
    assert.equal(response.status, 200, url);
    return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
  };

  /** Transcodes a clip and fetches all that its master playlist leads to. */
  const run = async (file: string) => {
    videoId += 1;
    const originalPath = `${settings.OBJECT_STORE_PREFIX}/${videoId}/original`;
    await store.put({ bucket: 'originals', path: originalPath, contentType: 'video/mp4' }, readFileSync(file));
    const transcode = createTranscode({
      ...{ store, names: objectNames(settings.OBJECT_STORE_PREFIX), workspace, tools: ffmpeg.tools },
      limits,
      encoding: { preset: 'veryfast', quality: 23 },
    });
    const job = { videoId, authorId: 1, originalPath, fence: 3, attempts: 1 };
    const signal = new AbortController().signal;
    const made = await transcode(job, { signal, onProgress: () => undefined, onPlayable: async () => undefined });
    const base = `${settings.OBJECT_STORE_ENDPOINT}/${settings.OBJECT_STORE_MEDIA_BUCKET}/`;
    return { made, ...(await readPublishedSet(base + made.hlsPath, folder)) };
  };

  const sizesOf = (variants: readonly Variant[]) => variants.map(({ width, height }) => `${width}x${height}`);

  it('are cut at the same times, play as long as the source, and keep to their rates', async () => {
    makeClip(clip('phone.mp4'), { seconds: 7, size: '480x270', framesPerSecond: 30 });
    const { variants, audioUri = '', track, made } = await run(clip('phone.mp4'));
    assert.deepEqual(sizesOf(variants), ['426x240', '320x180', '214x120']);
    const sound = await track(audioUri);
    assert.equal(sound.contentType, 'audio/mp4');
    assert.ok(Math.abs(startOf(sound.path)) < 0.04, `sound begins at ${startOf(sound.path)} s`);
    for (const { uri, bandwidth, codecs, framesPerSecond, width, height } of variants) {
      const { path, contentType, segments } = await track(uri);
      assert.deepEqual([contentType, framesPerSecond], ['video/mp4', 30]);
      assert.match(codecs, /^avc1\.6400[0-9a-f]{2},mp4a\.40\.2$/);
      const [stream] = inspect(path).streams;
      assert.deepEqual([stream?.width, stream?.height], [width, height]);
      assert.deepEqual([stream?.profile, stream?.pix_fmt], ['High', 'yuv420p']);
      assert.deepEqual(keyframes(path), [0, 2, 4, 6]);
      assert.ok(Math.abs(startOf(path)) < 0.001, 'pictures begin at zero, as the sound does');
      const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
      assert.ok(Math.abs(seconds - made.durationMs / 1000) < 1 / 30, `${seconds} s`);
      for (const { bytes, durationSeconds } of segments) assert.ok((8 * bytes) / durationSeconds <= bandwidth);
    }
  });

  it('have keyframes at the same times also where frames come unevenly, or 23.976 times a second', async () => {
    const vary = "select='if(lt(t,2),1,not(mod(n,3)))'";
    makeClip(clip('varies.mkv'), { seconds: 5, filter: vary, output: ['-c:v', 'libx264', '-vsync', 'vfr'] });
    makeClip(clip('film.mp4'), { seconds: 5, framesPerSecond: '24000/1001' });
    for (const name of ['varies.mkv', 'film.mp4']) {
      const { variants, track } = await run(clip(name));
      const times = await Promise.all(variants.map(async ({ uri }) => keyframes((await track(uri)).path)));
      assert.equal(times.length, 3);
      for (const each of times) assert.deepEqual(each, times[0]);
      assert.ok((times[0] ?? []).length >= 3);
    }
  });

  it('are one where the source is small, without sound where there is none', async () => {
    makeClip(clip('small.mp4'), { seconds: 1, size: '160x90', sound: false });
    const { variants, audioUri, text } = await run(clip('small.mp4'));
    assert.deepEqual([sizesOf(variants), audioUri], [['160x90'], undefined]);
    assert.doesNotMatch(text, /mp4a/);
  });

  it('stand upright, and lose where the video was filmed', async () => {
    makeClip(clip('upright.mp4'), {
      seconds: 2,
      size: '180x320',
      output: ['-c:v', 'libx264', '-metadata', 'location=+48.1+11.5/'],
    });
    const { variants, track } = await run(clip('upright.mp4'));
    assert.deepEqual(sizesOf(variants), ['180x320', '120x214']);
    for (const { uri } of variants) assert.ok(!readFileSync((await track(uri)).path).includes('+48.1'));
  });

  it('come with stills for a time line, and a small cover', async () => {
    makeClip(clip('stills.mp4'), { seconds: 24, size: '320x180' });
    const { at, besideOf } = await run(clip('stills.mp4'));
    const times = await fetched(at(besideOf('previews')));
    assert.equal(times.type, 'text/vtt; charset=utf-8');
    const cues = times.bytes.toString().split('\n\n').slice(1);
    assert.equal(cues.length, 12);
    const picture = await fetched(at(/\n(.*)#xywh=160,90,160,90/.exec(cues[11] ?? '')?.[1] ?? ''));
    writeFileSync(clip('stills.jpg'), picture.bytes);
    const [grid] = inspect(clip('stills.jpg')).streams;
    assert.deepEqual([grid?.width, grid?.height, picture.type], [1600, 180, 'image/jpeg']);
    writeFileSync(clip('small.jpg'), (await fetched(at(besideOf('cover-small')))).bytes);
    assert.deepEqual([inspect(clip('small.jpg')).streams[0]?.height], [180]);
  });

  it('are as loud as others, and never beyond what can be played', async () => {
    makeClip(clip('quiet.mp4'), { seconds: 5, soundFilter: 'volume=-8dB' });
    const { track, audioUri = '' } = await run(clip('quiet.mp4'));
    const { integrated, peak } = loudness((await track(audioUri)).path);
    assert.ok(Math.abs(integrated + 14) < 1.5, `${integrated} LUFS`);
    assert.ok(peak <= -0.5, `${peak} dBFS`);
  });
});
