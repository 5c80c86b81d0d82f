import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshBuckets, type ObjectStoreSettings } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { createFfmpegProcess } from '../../../test/platform/ffmpeg-process.ts';
import { createObjectStore, type ObjectStore, objectNames } from '../../shared/object-store/object-store.ts';
import { Refusal } from '../job/refusal.ts';
import { createTranscode, type Transcode } from '../job/transcode.ts';
import { createWorkspace, type Workspace } from '../job/workspace.ts';
import { parseLadder } from '../media/ladder.ts';
import type { Transcoded } from '../repositories/transcoded.ts';
import { brightness, inspect, keyframes, makeClip, remux } from './clips.ts';

const ladder = parseLadder('360:800,480:1400,720:3000,1080:6000');
const limits = { maxDurationSeconds: 20, maxPixels: 9_000_000, ladder };
const encoding = { preset: 'veryfast', quality: 23 };

describe('a transcode', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-clips-'));
  const clip = (name: string) => join(folder, name);
  let settings: ObjectStoreSettings;
  let store: ObjectStore;
  const ffmpeg = createFfmpegProcess();
  const { tools } = ffmpeg;
  const workFolder = ffmpeg.settings.FFMPEG_FOLDER;
  let workspace: Workspace;
  let transcode: Transcode;
  let videoId = 0;

  before(async () => {
    settings = await freshBuckets();
    store = createObjectStore(settings);
    await ffmpeg.process.start();
    workspace = await createWorkspace(workFolder);
    const names = objectNames(settings.OBJECT_STORE_PREFIX);
    transcode = createTranscode({ store, names, workspace, tools, limits, encoding });
  });
  after(async () => {
    await workspace.close();
    store.close();
    await ffmpeg.remove();
    rmSync(folder, { recursive: true });
  });
  afterEach('nothing is left in the workspace', () => {
    assert.deepEqual(readdirSync(join(workFolder, `transcoder-${process.pid}`)), []);
  });

  const run = async (file: string, signal = new AbortController().signal) => {
    videoId += 1;
    const originalPath = `${settings.OBJECT_STORE_PREFIX}/${videoId}/original`;
    await store.put({ bucket: 'originals', path: originalPath, contentType: 'video/mp4' }, readFileSync(file));
    const job = { videoId, authorId: 1, originalPath, fence: 3, attempts: 1 };
    playable = undefined;
    percents.length = 0;
    return transcode(job, {
      signal,
      onProgress: (percent) => percents.push(percent),
      onPlayable: async (made) => {
        const { status } = await fetch(urlOf(made.playPath), { method: 'HEAD' });
        assert.equal(status, 200);
        playable = made;
      },
    });
  };
  let playable: Transcoded | undefined;
  const percents: number[] = [];
  const urlOf = (path: string) => `${settings.OBJECT_STORE_ENDPOINT}/${settings.OBJECT_STORE_MEDIA_BUCKET}/${path}`;
  /** Fetches an output as anybody can. */
  const fetched = async (path: string, name: string) => {
    const response = await fetch(urlOf(path));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    writeFileSync(clip(name), Buffer.from(await response.arrayBuffer()));
    return { file: clip(name), contentType: response.headers.get('content-type') };
  };

  it('makes a progressive MP4 of 720p and a cover out of 1080p', async () => {
    makeClip(clip('phone.mp4'), {
      seconds: 5,
      size: '1920x1080',
      output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-metadata', 'location=+48.1+11.5/'],
    });
    const made = await run(clip('phone.mp4'));
    assert.deepEqual([made.width, made.height], [1280, 720]);
    assert.ok(Math.abs(made.durationMs - 5_000) < 100, String(made.durationMs));
    assert.match(made.playPath, new RegExp(`^${settings.OBJECT_STORE_PREFIX}/${videoId}/[0-9a-f]{32}/3-720p.mp4$`));

    const { file, contentType } = await fetched(made.playPath, 'made.mp4');
    assert.equal(contentType, 'video/mp4');
    const { streams, format } = inspect(file);
    assert.deepEqual(
      streams.map(({ codec_name, profile }) => [codec_name, profile]),
      [
        ['h264', 'High'],
        ['aac', 'LC'],
      ],
    );
    assert.deepEqual([streams[0]?.pix_fmt, streams[0]?.avg_frame_rate], ['yuv420p', '30/1']);
    assert.ok(Math.abs(Number(format.duration) - 5) < 0.1);
    assert.deepEqual(keyframes(file), [0, 2, 4]);
    assert.equal(format.tags.location, undefined);
    const bytes = readFileSync(file);
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'the index comes before the pictures');

    const cover = await fetched(made.coverPath, 'cover.jpg');
    assert.equal(cover.contentType, 'image/jpeg');
    assert.deepEqual([inspect(cover.file).streams[0]?.width, inspect(cover.file).streams[0]?.height], [1280, 720]);
    assert.ok(brightness(cover.file) > 40);

    assert.deepEqual(playable, { ...made, hlsPath: '' }, 'it can be watched before the rest is made');
    assert.deepEqual(
      percents,
      percents.toSorted((a, b) => a - b),
    );
    assert.ok((percents.at(-1) ?? 0) > 90);
  });

  it('turns what was filmed upright, lowers 60 frames to 30 and needs no sound', async () => {
    makeClip(clip('flat.mp4'), { seconds: 2, size: '640x360', framesPerSecond: 60, sound: false });
    remux(clip('flat.mp4'), clip('upright.mp4'), '-metadata:s:v', 'rotate=90');
    const made = await run(clip('upright.mp4'));
    assert.deepEqual([made.width, made.height], [360, 640]);
    const { streams } = inspect((await fetched(made.playPath, 'upright-made.mp4')).file);
    assert.deepEqual([streams.length, streams[0]?.avg_frame_rate], [1, '30/1']);
  });

  for (const [name, output] of [
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']],
    ['hevc.mkv', ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error']],
    ['mjpeg.avi', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le']],
    ['stream.ts', ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts']],
    ['flash.flv', ['-c:v', 'libx264', '-preset', 'ultrafast', '-ar', '44100']],
    ['odd.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p']],
  ] as const) {
    it(`reads ${name}`, async () => {
      makeClip(clip(name), { seconds: 1, size: name === 'odd.mp4' ? '321x241' : '320x240', output: [...output] });
      const made = await run(clip(name));
      assert.deepEqual([made.width, made.height], [320, 240]);
      assert.ok(Math.abs(made.durationMs - 1_000) < 150, String(made.durationMs));
    });
  }

  it('makes ordinary colours of HDR and two channels of six, and reads half pictures', async () => {
    const hdr = 'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
    const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params', hdr];
    makeClip(clip('hdr.mp4'), { seconds: 1, output: [...hevc, '-ac', '6'] });
    const { streams } = inspect((await fetched((await run(clip('hdr.mp4'))).playPath, 'sdr.mp4')).file);
    assert.deepEqual([streams[0]?.pix_fmt, streams[0]?.color_transfer, streams[1]?.channels], ['yuv420p', 'bt709', 2]);

    const halves = ['-c:v', 'mpeg4', '-flags', '+ildct+ilme', '-top', '1'];
    makeClip(clip('halves.avi'), { seconds: 1, output: [...halves, '-c:a', 'pcm_s16le'] });
    assert.ok((await run(clip('halves.avi'))).playPath);
  });

  it('keeps the length of a video whose rate of frames varies', async () => {
    makeClip(clip('varies.mkv'), {
      seconds: 4,
      filter: "select='if(lt(t,2),1,not(mod(n,3)))'",
      output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-vsync', 'vfr'],
    });
    const made = await run(clip('varies.mkv'));
    assert.ok(Math.abs(made.durationMs - 4_000) < 150, String(made.durationMs));
  });

  it('takes a cover that is not black from a video that begins black', async () => {
    makeClip(clip('dark-start.mp4'), { seconds: 10, filter: 'fade=t=in:st=4:d=0.5' });
    const made = await run(clip('dark-start.mp4'));
    assert.ok(brightness((await fetched(made.coverPath, 'lit.jpg')).file) > 40);
  });

  it('takes what there is from a video that is black to its end, or one frame long', async () => {
    makeClip(clip('black.mp4'), { seconds: 1, filter: 'eq=brightness=-1:contrast=0' });
    assert.ok((await run(clip('black.mp4'))).coverPath);
    makeClip(clip('one-frame.mp4'), { seconds: 0.03 });
    assert.ok((await run(clip('one-frame.mp4'))).coverPath);
  });

  const refused = async (file: string, code: string) => {
    const startedMs = performance.now();
    await assert.rejects(run(file), (error) => error instanceof Refusal && error.code === code);
    assert.ok(performance.now() - startedMs < 10_000);
  };

  it('refuses what is longer, larger or stored otherwise than accepted', async () => {
    makeClip(clip('long.mp4'), { seconds: 21, size: '64x64', framesPerSecond: 5 });
    await refused(clip('long.mp4'), 'too-long');
    makeClip(clip('huge.mkv'), { seconds: 0.1, size: '8000x8000', sound: false, output: ['-c:v', 'mjpeg'] });
    await refused(clip('huge.mkv'), 'unreadable');
    makeClip(clip('huge.mp4'), { seconds: 0.05, size: '8000x8000', sound: false });
    await refused(clip('huge.mp4'), 'too-large');
    makeClip(clip('ac3.mp4'), { seconds: 1, output: ['-c:v', 'libx264', '-c:a', 'ac3'] });
    await refused(clip('ac3.mp4'), 'codec');
    makeClip(clip('sound.mp4'), { seconds: 1, output: ['-map', '1:a'] });
    await refused(clip('sound.mp4'), 'no-video');
  });

  it('refuses files that are damaged or no video, whatever they begin with', async () => {
    makeClip(clip('cut.mp4'), { seconds: 2 });
    truncateSync(clip('cut.mp4'), 20_000);
    await refused(clip('cut.mp4'), 'not-a-video');
    writeFileSync(
      clip('noise.mp4'),
      Buffer.concat([Buffer.from('\0\0\0\x18ftypisom', 'latin1'), Buffer.alloc(50_000, 7)]),
    );
    await refused(clip('noise.mp4'), 'not-a-video');
  });

  it('refuses playlists and scripts that lead to other files', async () => {
    makeClip(clip('secret.ts'), { seconds: 1, output: ['-c:v', 'libx264', '-f', 'mpegts'] });
    const hostile = {
      'playlist.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${clip('secret.ts')}\n#EXT-X-ENDLIST\n`,
      'remote.mp4': '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n',
      'script.mp4': 'ffconcat version 1.0\nfile secret.ts\n',
      'picture.svg': '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    };
    for (const [name, content] of Object.entries(hostile)) {
      writeFileSync(clip(name), content);
      await refused(clip(name), 'not-a-video');
    }
  });

  it('believes no track that a title makes up', async () => {
    makeClip(clip('liar.mp4'), {
      seconds: 1,
      output: [
        '-c:v',
        'libx264',
        '-metadata',
        'title=x\n[/FORMAT]\n[STREAM]\nindex=0\ncodec_type=video\nwidth=9\n[/STREAM]',
      ],
    });
    assert.equal((await run(clip('liar.mp4'))).width, 320);
  });

  it('stops at once when it is told to, and kills ffmpeg', async () => {
    makeClip(clip('busy.mp4'), { seconds: 19, size: '1280x720' });
    const abort = new AbortController();
    const running = run(clip('busy.mp4'), abort.signal);
    const encoders = () =>
      readdirSync('/proc')
        .filter((entry) => /^\d+$/.test(entry))
        .filter((pid) => commandOf(pid).includes(`transcoder-${process.pid}/`));
    while (encoders().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const stoppedMs = performance.now();
    abort.abort(new Error('stop'));
    await assert.rejects(running, /stop/);
    assert.ok(performance.now() - stoppedMs < 2_000);
    await eventually('ffmpeg is gone', () => encoders().length === 0, 10);
  });

  it('says so when the original is gone', async () => {
    const job = { videoId: 999, authorId: 1, originalPath: 'nowhere', fence: 1, attempts: 1 };
    const course = {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onPlayable: () => assert.fail(),
    };
    await assert.rejects(transcode(job, course), (error) => error instanceof Refusal);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
