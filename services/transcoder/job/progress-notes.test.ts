import assert from 'node:assert/strict';
import { everyFewPercents } from './progress-notes.ts';

describe('notes of progress', () => {
  it('are taken every five percents, and every second at most', () => {
    let nowMs = 0;
    const notes: number[] = [];
    const report = everyFewPercents(
      (percent) => notes.push(percent),
      () => nowMs,
    );
    for (const [percent, ms] of [
      [1, 100],
      [5, 200],
      [11, 900],
      [12, 1_300],
      [16, 5_000],
      [17, 6_000],
    ] as const) {
      nowMs = ms;
      report(percent);
    }
    assert.deepEqual(notes, [5, 12, 17]);
  });
});
