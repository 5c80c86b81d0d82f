import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventuallyHolds } from '../../../test/eventually.ts';
import { createFfmpegProcess } from '../../../test/platform/ffmpeg-process.ts';
import { isTemporary } from '../../shared/errors.ts';
import { type Command, probeArguments } from '../media/arguments.ts';

import { MediaToolError } from '../media/media-tool-error.ts';
import { createMediaTools, FfmpegUnreachable } from '../media/tools.ts';
import { makeClip } from './clips.ts';

describe('a run of ffmpeg', function () {
  this.timeout(90_000);
  const ffmpeg = createFfmpegProcess();
  const { runFfmpeg, runFfprobe } = ffmpeg.tools;
  const folder = join(ffmpeg.settings.FFMPEG_FOLDER, 'job-1');
  const clip = join(folder, 'clip.mp4');
  before(async () => {
    await ffmpeg.process.start();
    mkdirSync(folder);
    makeClip(clip, { seconds: 10, size: '640x360' });
  });
  after(() => ffmpeg.remove());
  const limits = probeArguments(clip, { maxPixels: 9_000_000, entries: 'format=duration' });
  const inputOptions = limits.slice(0, limits.indexOf('-print_format'));

  const encodeTo = (output: string, ...options: string[]): Command => ({
    input: clip,
    inputOptions: ['-nostdin', '-threads', '1', '-re', ...inputOptions],
    outputs: [{ file: join(folder, output), options: ['-c:v', 'libx264', '-preset', 'veryfast', ...options] }],
  });
  const running = () =>
    readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && commandOf(entry).includes(`${folder}/`));
  const gone = () => eventuallyHolds(() => assert.deepEqual(running(), []));

  it('tells how many seconds of output are done, up to its end', async () => {
    const seen: number[] = [];
    const command = encodeTo('told.mp4', '-t', '3');
    await runFfmpeg(command, {
      ...{ signal: new AbortController().signal, wallClockMs: 30_000 },
      onProgress: (seconds) => seen.push(seconds),
    });
    assert.ok(seen.length >= 3, String(seen));
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
    );
    assert.ok((seen.at(-1) ?? 0) >= 2.9 && (seen.at(-1) ?? 0) <= 3.1, String(seen));
    assert.ok(existsSync(join(folder, 'told.mp4')));
  });

  it('is killed on an abort, with the reason of the signal', async () => {
    const abort = new AbortController();
    const run = runFfmpeg(encodeTo('aborted.mp4'), {
      ...{ signal: abort.signal, wallClockMs: 30_000 },
      onProgress: () => abort.abort(new Error('nobody wants it any more')),
    });
    await assert.rejects(run, /nobody wants it any more/);
    await gone();
  });

  it('is killed when its time is over, which is no verdict on the file', async () => {
    await assert.rejects(
      runFfmpeg(encodeTo('late.mp4'), { signal: new AbortController().signal, wallClockMs: 700 }),
      (error) => error instanceof MediaToolError && /took too long/.test(error.message) && !error.isVerdict,
    );
    await gone();
  });

  it('hands over the end of the log when it fails', async () => {
    await assert.rejects(
      runFfmpeg(encodeTo('no/such/folder.mp4'), { signal: new AbortController().signal, wallClockMs: 30_000 }),
      (error) => error instanceof MediaToolError && /No such file or directory/.test(error.log) && error.isVerdict,
    );
  });

  const now = () => ({ signal: new AbortController().signal, wallClockMs: 30_000 });

  it('prints what ffprobe found', async () => {
    assert.match(await runFfprobe(limits, now()), /"duration": "10\./);
  });

  it("is refused without its limits, and on files that are no job's", async () => {
    const command = encodeTo('made.mp4');
    const refused = (changed: Partial<Command>, why: RegExp) =>
      assert.rejects(runFfmpeg({ ...command, ...changed }, now()), why);
    await refused({ inputOptions: [] }, /lack -protocol_whitelist/);
    await refused({ input: '/etc/passwd' }, /in no folder of a job/);
    await refused({ input: join(folder, '../../log') }, /in no folder of a job/);
    await refused({ outputs: [{ file: '/tmp/made.mp4', options: [] }] }, /not in the folder of its job/);
    await refused({ outputs: [{ file: `${folder}/../made.mp4`, options: [] }] }, /not in the folder of its job/);
    await assert.rejects(runFfprobe(['-i', clip], now()), /lack -protocol_whitelist/);
  });

  it('ends when the process that runs it dies, which counts as an attempt', async () => {
    const run = runFfmpeg(encodeTo('orphan.mp4'), {
      ...now(),
      onProgress: () => void ffmpeg.process.kill(),
    });
    await assert.rejects(run, (error) => /went away/.test(String(error)) && !isTemporary(error));
    await gone();
    await ffmpeg.process.start();
  });

  it('waits for nobody where nobody listens: that is temporary', async () => {
    const { check } = createMediaTools({ socketPath: join(folder, 'nobody') });
    await assert.rejects(check(), (error) => error instanceof FfmpegUnreachable && isTemporary(error));
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
