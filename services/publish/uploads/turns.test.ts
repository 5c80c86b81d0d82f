import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { createTurns } from './turns.ts';

describe('turns', () => {
  const refused = /too many uploads at once: try again in a moment/;
  /** Work that goes on until the test ends it. */
  const startWork = (takeTurn: ReturnType<typeof createTurns>) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const work = { begun: false, over: Promise.resolve(), end: resolve, fail: reject };
    work.over = takeTurn(() => {
      work.begun = true;
      return promise;
    });
    return work;
  };

  it('are given to so many, and to the next in line when one has ended or failed', async () => {
    const takeTurn = createTurns({ count: 2, longestLine: 10, patienceMs: 60_000 });
    const all = Array.from({ length: 4 }, () => startWork(takeTurn));
    const begun = async () => {
      await setImmediate();
      return all.map((work) => work.begun);
    };
    assert.deepEqual(await begun(), [true, true, false, false]);
    all[1]?.fail(new Error('no video'));
    await assert.rejects(all[1]?.over ?? Promise.resolve(), /no video/);
    assert.deepEqual(await begun(), [true, true, true, false]);
    for (const work of all) work.end();
    await Promise.all(all.filter((_, index) => index !== 1).map((work) => work.over));
    assert.equal(await takeTurn(async () => 'a free turn'), 'a free turn');
  });

  it('are refused where the line is too long, and where it takes too long', async () => {
    const takeTurn = createTurns({ count: 1, longestLine: 1, patienceMs: 5 });
    const first = startWork(takeTurn);
    const waiting = startWork(takeTurn);
    await assert.rejects(startWork(takeTurn).over, refused);
    await assert.rejects(waiting.over, refused);
    first.end();
    await first.over;
    assert.equal(await takeTurn(async () => 'a free turn'), 'a free turn');
  });
});
