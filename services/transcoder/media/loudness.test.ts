import assert from 'node:assert/strict';
import { gainFor, integratedLoudness } from './loudness.ts';

describe('how loud a video is made', () => {
  const cases: [string, number | undefined, number][] = [
    ['what is at the target', -14, 0],
    ['what is a little quieter', -15.9, 0],
    ['what is a little louder', -12.1, 0],
    ['speech that is too quiet', -23.04, 9],
    ['music that is too loud', -7, -7],
    ['a whisper, no further than that noise stays quiet', -50, 20],
    ['silence', -70, 0],
    ['a video without sound', undefined, 0],
  ];
  for (const [what, loudness, gain] of cases) {
    it(`changes ${what} by ${gain} dB`, () => assert.equal(gainFor(loudness), gain));
  }

  it('is read from the last of the lines', () => {
    const lines = ['frame:0 pts:0', 'lavfi.r128.I=-70.000', 'frame:1 pts:4800', 'lavfi.r128.I=-21.759', ''].join('\n');
    assert.equal(integratedLoudness(lines), -21.759);
    assert.equal(integratedLoudness(''), undefined);
    assert.equal(integratedLoudness('lavfi.r128.I=-inf\n'), undefined);
  });
});
