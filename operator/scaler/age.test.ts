import assert from 'node:assert/strict';
import { noteOffsets, nothingWaits, oldestSeconds } from './age.ts';

/** Looks at one partition, each as [second, done, end]. */
const ageAfter = (...looks: [second: number, done: number, end: number][]) => {
  let waiting = nothingWaits;
  for (const [second, done, end] of looks)
    waiting = noteOffsets(waiting, [{ id: 'uploads/0', done, end }], second * 1_000);
  return oldestSeconds(waiting, (looks.at(-1)?.[0] ?? 0) * 1_000);
};

describe('the age of what waits', () => {
  const cases: Record<string, [looks: [number, number, number][], seconds: number | undefined]> = {
    'is nothing where nothing waits': [[[0, 5, 5]], undefined],
    'begins at the first look': [[[10, 5, 6]], 0],
    'grows while the same message waits': [
      [
        [10, 5, 6],
        [15, 5, 6],
        [40, 5, 6],
      ],
      30,
    ],
    'is that of the oldest, whatever comes after it': [
      [
        [10, 5, 6],
        [20, 5, 9],
        [40, 5, 12],
      ],
      30,
    ],
    'is that of the next one when the oldest is done': [
      [
        [10, 5, 6],
        [20, 5, 9],
        [40, 6, 12],
      ],
      20,
    ],
    'ends with the last one': [
      [
        [10, 5, 6],
        [20, 6, 6],
      ],
      undefined,
    ],
    'begins anew with a topic that was made again': [
      [
        [10, 5, 9],
        [20, 0, 2],
      ],
      0,
    ],
  };
  for (const [what, [looks, seconds]] of Object.entries(cases))
    it(what, () => {
      assert.equal(ageAfter(...looks), seconds);
    });

  it('is that of the partition that waits longest', () => {
    const first = noteOffsets(nothingWaits, [{ id: 'a', done: 0, end: 1 }], 1_000);
    const both = noteOffsets(
      first,
      [
        { id: 'a', done: 0, end: 1 },
        { id: 'b', done: 0, end: 1 },
      ],
      9_000,
    );
    assert.equal(oldestSeconds(both, 9_000), 8);
  });
});
