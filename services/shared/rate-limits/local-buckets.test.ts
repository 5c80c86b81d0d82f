import assert from 'node:assert/strict';
import { createLocalBuckets } from './local-buckets.ts';
import { perMinute } from './rate.ts';

describe('buckets of one process', () => {
  it('give what they hold, then what has come back', () => {
    let nowMs = 0;
    const take = createLocalBuckets(() => nowMs);
    const taken = Array.from({ length: 4 }, () => take('a', perMinute(3), 1));
    assert.deepEqual(taken, [0, 0, 0, 20_000]);
    assert.equal(take('b', perMinute(3), 1), 0);
    nowMs = 19_999;
    assert.equal(take('a', perMinute(3), 1), 1);
    nowMs = 20_000;
    assert.deepEqual([take('a', perMinute(3), 1), take('a', perMinute(3), 1)], [0, 20_000]);
    nowMs = 500_000;
    assert.deepEqual([take('a', perMinute(3), 4), take('a', perMinute(3), 3)], [20_000, 0]);
  });
});
