import assert from 'node:assert/strict';
import { isPresentable, lookOf, scoreOf } from './cover-choice.ts';

const picture = (pixel: (index: number) => number) => Uint8Array.from({ length: 1024 }, (_, index) => pixel(index));

describe('choice of a cover', () => {
  const black = lookOf(picture(() => 0));
  const white = lookOf(picture(() => 255));
  const dark = lookOf(picture((index) => (index % 2) * 30));
  const scene = lookOf(picture((index) => (index * 37) % 256));

  it('takes a scene and no picture of one colour or of the night', () => {
    assert.deepEqual([black, white, dark, scene].map(isPresentable), [false, false, false, true]);
  });

  it('prefers anything to black', () => {
    const scores = [scene, dark, black].map(scoreOf);
    assert.deepEqual(
      scores,
      scores.toSorted((one, other) => other - one),
    );
    assert.ok(scoreOf(white) > scoreOf(black));
  });
});
