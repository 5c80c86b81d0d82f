import assert from 'node:assert/strict';
import { createSeldom } from './seldom.ts';

describe('seldom', () => {
  it('lets the first report through, and the next one after ten seconds', () => {
    let nowMs = 0;
    const seldom = createSeldom(() => nowMs);
    const reported: number[] = [];
    for (nowMs = 0; nowMs <= 25_000; nowMs += 2_500) seldom(() => reported.push(nowMs));
    assert.deepEqual(reported, [0, 10_000, 20_000]);
  });
});
