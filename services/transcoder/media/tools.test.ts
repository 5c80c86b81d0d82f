import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxLineLength } from '../ffmpeg/protocol.ts';
import { MediaToolError } from './media-tool-error.ts';
import { createMediaTools } from './tools.ts';

/** The other side as somebody could make it who has taken it over. */
describe('what a worker believes of ffmpeg', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-tools-'));
  const socketPath = join(folder, 'socket');
  let behave: (socket: Socket) => void = () => undefined;
  let closed = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      closed += 1;
    });
    socket.once('data', () => behave(socket));
  });
  before(async () => {
    server.listen(socketPath);
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const tools = createMediaTools({ socketPath });
  const probe = (signal = new AbortController().signal) =>
    tools.runFfprobe(['-i', '/jobs/job-1/original'], { signal, wallClockMs: 5_000 });
  const answered = (text: string) => {
    behave = (socket) => void socket.end(text);
    return probe();
  };

  it('is an answer of the agreed form', async () => {
    assert.equal(await answered('{"seconds":1}\n{"output":"{}"}\n'), '{}');
  });

  it('is no answer of another form, however long', async () => {
    await assert.rejects(answered('{"output":1}\n'), /answered what it may not/);
    await assert.rejects(answered(`${JSON.stringify({ output: 'x'.repeat(500_000) })}\n`), /answered what it may not/);
    await assert.rejects(answered('x'.repeat(maxLineLength + 1)), /a line is longer/);
    await assert.rejects(answered(''), /went away/);
  });

  it('is not that a failure is a verdict on the file, unless the tool ended by itself', async () => {
    const failed = (reason: string, timedOut = false) =>
      answered(`${JSON.stringify({ failure: { reason, log: 'the end', timedOut } })}\n`).then(
        () => assert.fail('it succeeded'),
        (error) => (error instanceof MediaToolError ? [error.isVerdict, error.log] : error),
      );
    assert.deepEqual(await failed('ffprobe exited with code 1'), [true, 'the end']);
    assert.deepEqual(await failed('killed with signal SIGKILL'), [false, 'the end']);
    assert.deepEqual(await failed('exited with code 1', true), [false, 'the end']);
    assert.deepEqual(await failed('a job is refused'), [false, 'the end']);
  });

  it('is heard only as long as somebody wants to', async () => {
    behave = () => undefined; // never an answer
    const abort = new AbortController();
    const before = closed;
    const asked = probe(abort.signal);
    setImmediate(() => abort.abort(new Error('enough')));
    await assert.rejects(asked, /enough/);
    while (closed === before) await new Promise((resolve) => setImmediate(resolve));
  });

  it('may not tell of progress that is none', async () => {
    const seen: number[] = [];
    behave = (socket) => void socket.end('{"seconds":2}\n{"seconds":1e99}\n{"output":""}\n');
    const run = tools.runFfmpeg(
      { input: '/jobs/job-1/original', inputOptions: [], outputs: [{ file: '/jobs/job-1/made', options: [] }] },
      { signal: new AbortController().signal, wallClockMs: 5_000, onProgress: (seconds) => seen.push(seconds) },
    );
    await assert.rejects(run, /answered what it may not/);
    assert.deepEqual(seen, [2]);
  });
});
