import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { createTurns, type EndTurn } from './turns.ts';

describe('turns', () => {
  const refused = /too many uploads at once: try again in a moment/;

  it('are given to so many, and to the next in line when one ends', async () => {
    const turns = createTurns({ count: 2, longestLine: 10, patienceMs: 60_000 });
    const order: string[] = [];
    const come = (name: string) =>
      turns.take().then((end) => {
        order.push(name);
        return end;
      });
    const [first, , third, fourth] = ['first', 'second', 'third', 'fourth'].map(come);
    await setImmediate();
    assert.deepEqual(order, ['first', 'second']);
    const end = (await first) as EndTurn;
    end();
    end();
    await setImmediate();
    assert.deepEqual(order, ['first', 'second', 'third'], 'a turn ends once');
    (await third)?.();
    (await fourth)?.();
    assert.deepEqual(order, ['first', 'second', 'third', 'fourth']);
  });

  it('are refused where the line is too long, and where it takes too long', async () => {
    const turns = createTurns({ count: 1, longestLine: 1, patienceMs: 5 });
    const end = await turns.take();
    const waiting = turns.take();
    await assert.rejects(turns.take(), refused);
    await assert.rejects(waiting, refused);
    end();
    (await turns.take())();
    await turns.take();
  });
});
