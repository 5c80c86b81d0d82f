import assert from 'node:assert/strict';
import { probeArguments } from './arguments.ts';
import { firstCommand, fragmentCommand, othersCommand } from './encode-commands.ts';
import { probedEntries } from './facts.ts';
import { parseLadder } from './ladder.ts';
import { loudnessCommand } from './loudness.ts';
import { planFor } from './plan.ts';
import { previewGrid } from './previews.ts';
import { missingLimits } from './required-limits.ts';
import { coverCommand, previewsCommand } from './still-commands.ts';

const machine = { maxPixels: 9_000_000, threads: 2 };
const probe = probeArguments('/jobs/job-1/original', { maxPixels: machine.maxPixels, entries: probedEntries });
const without = (name: string): string[] => probe.toSpliced(probe.indexOf(name), 2);
const withValue = (name: string, value: string): string[] => probe.with(probe.indexOf(name) + 1, value);

describe('the limits that every run of ffmpeg and ffprobe has', () => {
  it('are in all that we build', () => {
    const video = { index: 0, codec: 'h264', width: 640, height: 360, rotationDegrees: 0, pixelAspect: 1 };
    const unknown = { frameRate: undefined, fieldOrder: undefined, transfer: undefined, dolbyVisionProfile: undefined };
    const facts = { durationSeconds: 1, streamCount: 1, audio: undefined, video: { ...video, ...unknown } };
    const plan = planFor(facts, { maxDurationSeconds: 20, ladder: parseLadder('240:400,360:800') });
    const work = { plan, input: '/jobs/job-1/original', machine, encoding: { preset: 'veryfast', quality: 23 } };
    const [input, output] = [work.input, '/jobs/job-1/made'];
    const grid = previewGrid({ width: 640, height: 360, durationSeconds: 1, keyframeSeconds: 2 });
    const commands = [
      firstCommand(work, output, 3),
      othersCommand(work, [output]),
      fragmentCommand(input, { video: output, audio: output }, machine),
      loudnessCommand({ input, lines: 'lines.txt', audioIndex: 1, readSeconds: 21 }, machine),
      coverCommand({ input, cover: output, small: output, thumb: output }, 1, machine),
      previewsCommand({ input, output }, grid, machine),
    ];
    for (const command of commands) {
      assert.deepEqual(missingLimits([...command.inputOptions, '-i', command.input]), []);
    }
    assert.deepEqual(missingLimits(probe), []);
  });

  for (const name of ['-protocol_whitelist', '-format_whitelist', '-codec_whitelist', '-max_pixels', '-max_streams']) {
    it(`include ${name}`, () => assert.deepEqual(missingLimits(without(name)), [`${name} before an input`]));
  }

  it('hold for each of several inputs', () => {
    assert.equal(missingLimits([...probe, '-i', '/jobs/job-1/other']).length, 6);
    assert.deepEqual(missingLimits([...probe, ...probe]), []);
  });

  it('cannot be widened, nor be said twice', () => {
    assert.equal(missingLimits(withValue('-protocol_whitelist', 'file,http')).length, 1);
    assert.equal(missingLimits(withValue('-format_whitelist', 'mov,hls')).length, 1);
    assert.equal(missingLimits(withValue('-format_whitelist', 'ALL,concat')).length, 1);
    assert.equal(missingLimits(['-f', 'lavfi', ...probe]).length, 1);
    assert.equal(missingLimits(['-protocol_whitelist', 'file', ...probe]).length, 1);
  });

  it('are asked of a run without an input too', () => {
    assert.deepEqual(missingLimits(['-version']), ['an input']);
  });
});
