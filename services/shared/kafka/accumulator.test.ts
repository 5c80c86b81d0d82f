import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { createAccumulator } from './accumulator.ts';

/** A send that is answered by hand. */
function recorder() {
  const sends: { topic: string; items: number[]; answer(error?: Error): void }[] = [];
  const send = (topic: string, items: number[]) =>
    new Promise<void>((resolve, reject) => {
      sends.push({ topic, items, answer: (error) => (error ? reject(error) : resolve()) });
    });
  return { sends, send };
}

const limits = { lingerMs: 5, batchItems: 10, maxSending: 1, maxWaitingItems: 30, deadlineMs: 80 };

describe('accumulator', () => {
  it('sends what many calls publish within a moment as one request for each topic', async () => {
    const { sends, send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, send });
    const done = Promise.all([accumulator.add('a', [1]), accumulator.add('a', [2, 3]), accumulator.add('b', [4])]);
    await pause(20);
    assert.deepEqual(
      sends.map(({ topic, items }) => [topic, items]),
      [
        ['a', [1, 2, 3]],
        ['b', [4]],
      ],
    );
    for (const { answer } of sends) answer();
    await done;
  });

  it('does not let a full batch wait', () => {
    const { sends, send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, lingerMs: 10_000, send });
    for (let item = 0; item < 10; item += 1) void accumulator.add('a', [item]).catch(() => undefined);
    assert.equal(sends[0]?.items.length, 10);
  });

  it('gathers the next batch while one is on its way', async () => {
    const { sends, send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, send });
    const all: Promise<void>[] = [];
    for (let item = 0; item < 6; item += 1) {
      all.push(accumulator.add('a', [item]));
      await pause(8);
    }
    assert.equal(sends.length, 1);
    sends[0]?.answer();
    await pause(1);
    assert.deepEqual(sends[1]?.items, [1, 2, 3, 4, 5]);
    sends[1]?.answer();
    await Promise.all(all);
  });

  it('fails every call whose items travelled in a refused request, and no other', async () => {
    const { sends, send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, send });
    const refused = Promise.allSettled([accumulator.add('a', [1]), accumulator.add('a', [2])]);
    await pause(10);
    sends[0]?.answer(new Error('refused'));
    assert.deepEqual(
      (await refused).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const next = accumulator.add('a', [3]);
    await pause(10);
    sends[1]?.answer();
    await next;
  });

  it('fails what is not answered in time, and never sends what has waited so long', async () => {
    const { sends, send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, send });
    const first = accumulator.add('a', [1]);
    await pause(10);
    const second = accumulator.add('a', [2]);
    await assert.rejects(first, /no answer within 80 ms/);
    await assert.rejects(second, /no answer within 80 ms/);
    sends[0]?.answer();
    await pause(10);
    assert.equal(sends.length, 1);
  });

  it('takes no more than it may hold while nothing is answered', async () => {
    const { send } = recorder();
    const accumulator = createAccumulator<number>({ ...limits, send });
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, item) => accumulator.add('a', [item])));
    const reasons = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? String(outcome.reason.message) : 'sent',
    );
    assert.ok(reasons.filter((reason) => reason === 'too much waits to be sent').length >= 20);
  });
});
