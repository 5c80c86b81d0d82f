import assert from 'node:assert/strict';
import { createShares } from './shares.ts';

describe('the progress of a job', () => {
  const size = (width: number, height: number) => ({ name: '', width, height, maxKilobitsPerSecond: 1 });

  it('counts pixels: a larger size takes a larger share', () => {
    const percents: number[] = [];
    const renditions = { first: size(100, 100), others: [size(100, 200), size(100, 100)] };
    const shares = createShares({ renditions, durationSeconds: 10 }, (percent) => percents.push(percent));
    for (const seconds of [0, 5, 10, 11]) shares.first(seconds);
    for (const seconds of [0, 5, 10]) shares.others(seconds);
    assert.deepEqual(percents, [0, 12, 24, 24, 24, 60, 97]);
  });
});
