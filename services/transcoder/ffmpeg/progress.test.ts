import assert from 'node:assert/strict';
import { createProgressReader } from './progress.ts';

const readings = (...pieces: string[]): number[] => {
  const seen: number[] = [];
  const read = createProgressReader((seconds) => seen.push(seconds));
  for (const piece of pieces) read(piece);
  return seen;
};

describe('the progress of ffmpeg', () => {
  it('is the time of its output, in seconds', () => {
    assert.deepEqual(readings('frame=12\nout_time_us=400000\nprogress=continue\nout_time_us=1400000\n'), [0.4, 1.4]);
  });

  it('is read whole, however the lines are cut', () => {
    assert.deepEqual(readings('out_ti', 'me_us=25', '00000\nprog', 'ress=end\n'), [2.5]);
  });

  it('passes over what is no time, and never goes back', () => {
    const lines = ['N/A', '-21333', '2000000', '1000000', '1e99', '9'.repeat(40), '2000000', '3000000'];
    assert.deepEqual(readings(lines.map((value) => `out_time_us=${value}\n`).join('')), [2, 3]);
  });

  it('keeps no endless line in memory', () => {
    assert.deepEqual(readings('x'.repeat(1e6), 'y'.repeat(1e6), '\nout_time_us=1000000\n'), [1]);
  });
});
