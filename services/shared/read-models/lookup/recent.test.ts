import assert from 'node:assert/strict';
import { createRecent } from './recent.ts';

describe('recent', () => {
  let nowMs = 0;
  const now = () => nowMs;

  it('gives a copy until it is a second old, counted from before the read', () => {
    const recent = createRecent<number, string>({ maxEntries: 10, now });
    nowMs = 1_000;
    recent.set(1, 'a', 900);
    assert.equal(recent.get(1), 'a');
    nowMs = 1_900;
    assert.equal(recent.get(1), undefined);
    assert.equal(recent.get(2), undefined);
  });

  it('has one caller read it again while the others still take the copy', () => {
    const recent = createRecent<number, string>({ maxEntries: 10, now });
    nowMs = 2_000;
    recent.set(1, 'a', 2_000);
    nowMs = 2_600;
    assert.deepEqual([recent.get(1), recent.get(1), recent.get(1)], [undefined, 'a', 'a']);
    recent.set(1, 'b', 2_600);
    nowMs = 3_050;
    assert.equal(recent.get(1), 'b');
    nowMs = 3_101;
    recent.get(1); // whoever was to read it again failed
    nowMs = 3_600;
    assert.equal(recent.get(1), undefined);
  });

  it('keeps a bounded number', () => {
    const recent = createRecent<number, string>({ maxEntries: 2, now });
    for (const key of [1, 2, 3]) recent.set(key, 'a', nowMs);
    assert.deepEqual([recent.get(1), recent.get(2), recent.get(3)], [undefined, 'a', 'a']);
  });
});
