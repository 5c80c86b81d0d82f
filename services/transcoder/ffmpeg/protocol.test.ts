import assert from 'node:assert/strict';
import { createLineReader, failureOf, type Job, lineOf, maxLineLength, parseJob, parseReply } from './protocol.ts';

const job: Job = {
  tool: 'ffmpeg',
  command: { input: '/jobs/a/original', inputOptions: ['-nostdin'], outputs: [{ file: '/jobs/a/made', options: [] }] },
  wallClockMs: 1_000,
};

describe('what worker and ffmpeg tell each other', () => {
  it('arrives as it was sent', () => {
    assert.deepEqual(parseJob(lineOf(job).trim()), job);
    assert.deepEqual(parseReply(lineOf({ seconds: 1.5 })), { seconds: 1.5 });
  });

  for (const [what, line] of [
    ['no JSON', 'hello'],
    ['another tool', JSON.stringify({ ...job, tool: 'sh' })],
    ['a text for arguments', JSON.stringify({ tool: 'ffprobe', args: '-i x', wallClockMs: 1 })],
    ['more than a job', JSON.stringify({ ...job, env: { LD_PRELOAD: 'x' } })],
    ['no end', JSON.stringify({ ...job, wallClockMs: 1e12 })],
    [
      'too many outputs',
      JSON.stringify({ ...job, command: { ...job.command, outputs: Array(99).fill(job.command.outputs[0]) } }),
    ],
  ] as const) {
    it(`is no job when it has ${what}`, () => assert.equal(parseJob(line), undefined));
  }

  for (const [what, line] of [
    ['nothing', ''],
    ['null', 'null'],
    ['a time that goes back', '{"seconds":-1}'],
    ['an output without end', JSON.stringify({ output: 'x'.repeat(300_000) })],
    ['two answers', '{"seconds":1,"output":""}'],
    ['half a failure', '{"failure":{"reason":"x"}}'],
  ] as const) {
    it(`is no reply when it has ${what}`, () => assert.equal(parseReply(line), undefined));
  }

  it('tells of a failure as much as the other side believes', () => {
    const told = failureOf({ reason: 'x'.repeat(9_999), log: `${'y'.repeat(99_999)}the end`, timedOut: false });
    assert.deepEqual(parseReply(lineOf(told)), told);
    assert.match(JSON.stringify(told), /the end/);
  });

  it('comes in lines, however it is cut, of a length that has an end', () => {
    const lines: string[] = [];
    const read = createLineReader((line) => lines.push(line));
    for (const piece of ['a', 'b\nc\n', '', 'd\n']) read(piece);
    assert.deepEqual(lines, ['ab', 'c', 'd']);
    assert.throws(() => read('x'.repeat(maxLineLength + 1)), /longer/);
  });
});
