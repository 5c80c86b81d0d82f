import assert from 'node:assert/strict';
import { coverCommand, encodeCommand, probeArguments } from './arguments.ts';
import { probedEntries } from './facts.ts';
import { planFor } from './plan.ts';
import { missingLimits } from './required-limits.ts';

const machine = { maxPixels: 9_000_000, threads: 2 };
const probe = probeArguments('/work/job-1/original', { maxPixels: machine.maxPixels, entries: probedEntries });
const without = (name: string): string[] => probe.toSpliced(probe.indexOf(name), 2);
const withValue = (name: string, value: string): string[] => probe.with(probe.indexOf(name) + 1, value);

describe('the limits that every run of ffmpeg and ffprobe has', () => {
  it('are in all that we build', () => {
    const video = { index: 0, codec: 'h264', width: 640, height: 360, rotationDegrees: 0, pixelAspect: 1 };
    const unknown = { frameRate: undefined, fieldOrder: undefined, transfer: undefined, dolbyVisionProfile: undefined };
    const facts = { durationSeconds: 1, streamCount: 1, audio: undefined, video: { ...video, ...unknown } };
    const plan = planFor(facts, { maxDurationSeconds: 20 });
    const files = { input: '/work/job-1/original', output: '/work/job-1/made', thumb: '/work/job-1/thumb' };
    for (const { inputOptions, input } of [encodeCommand(plan, files, machine), coverCommand(files, 1, machine)]) {
      assert.deepEqual(missingLimits([...inputOptions, '-i', input]), []);
    }
    assert.deepEqual(missingLimits(probe), []);
  });

  for (const name of ['-protocol_whitelist', '-format_whitelist', '-codec_whitelist', '-max_pixels', '-max_streams']) {
    it(`include ${name}`, () => assert.deepEqual(missingLimits(without(name)), [`${name} before an input`]));
  }

  it('hold for each of several inputs', () => {
    assert.equal(missingLimits([...probe, '-i', '/work/job-1/other']).length, 6);
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
