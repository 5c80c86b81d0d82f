import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventuallyHolds } from '../../../test/eventually.ts';
import type { Command } from '../media/arguments.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import { runFfmpeg } from '../media/run-ffmpeg.ts';
import { makeClip } from './clips.ts';

describe('a run of ffmpeg', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-runs-'));
  const clip = join(folder, 'clip.mp4');
  before(() => makeClip(clip, { seconds: 10, size: '640x360' }));
  after(() => rmSync(folder, { recursive: true }));

  const encodeTo = (output: string, ...options: string[]): Command => ({
    input: clip,
    inputOptions: ['-nostdin', '-loglevel', 'error', '-threads', '1', '-re'],
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
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
