import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { createMachineryMetrics } from './metrics.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { createWorkQueue } from './work-queue.ts';

describe('work queue', () => {
  const build = () => {
    const clock = createManualClock();
    return { clock, queue: createWorkQueue({ name: 'test', clock }) };
  };

  it('holds a key once, however often it is added', async () => {
    const { queue } = build();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    assert.equal(queue.size(), 2);
    assert.deepEqual([await queue.next(), await queue.next()], ['a', 'b']);
  });

  it('hands a key to nobody else while it is worked on, and brings it back when it was added meanwhile', async () => {
    const { queue } = build();
    queue.add('a');
    await queue.next();
    queue.add('a');
    queue.add('a');
    assert.equal(queue.size(), 0);
    queue.done('a');
    assert.equal(queue.size(), 1);
    assert.equal(await queue.next(), 'a');
    queue.done('a');
    assert.equal(queue.size(), 0);
  });

  it('wakes a worker that waits', async () => {
    const { queue } = build();
    const waiting = queue.next();
    queue.add('a');
    assert.equal(await waiting, 'a');
  });

  it('lets normal keys overtake low ones, and lifts a low key that is added again as normal', async () => {
    const { queue } = build();
    for (const key of ['l1', 'l2', 'l3']) queue.add(key, { priority: 'low' });
    queue.add('n1');
    queue.add('l3');
    queue.add('n1', { priority: 'low' });
    const order = [];
    while (queue.size() > 0) order.push(await queue.next());
    assert.deepEqual(order, ['n1', 'l3', 'l1', 'l2']);
  });

  it('adds delayed keys when they are due, each at its earliest time', async () => {
    const { queue, clock } = build();
    queue.addAfter('late', 60);
    queue.addAfter('soon', 30);
    queue.addAfter('soon', 10);
    queue.addAfter('soon', 20);
    await clock.advance(9_999);
    assert.equal(queue.size(), 0);
    await clock.advance(1);
    assert.equal(await queue.next(), 'soon');
    queue.done('soon');
    await clock.advance(50_000);
    assert.equal(await queue.next(), 'late');
    assert.equal(queue.size(), 0);
    assert.equal(clock.pendingTimers(), 0);
  });

  it('forgets a later time when the key is added at once, or is waiting already', async () => {
    const { queue, clock } = build();
    queue.addAfter('a', 10);
    queue.add('a');
    queue.addAfter('a', 5);
    await queue.next();
    queue.done('a');
    await clock.advance(60_000);
    assert.equal(queue.size(), 0);
  });

  it('doubles the delay of a failing key from 5 ms to 1000 s, and starts anew after a success', () => {
    const { queue } = build();
    const delays = Array.from({ length: 20 }, () => queue.addRateLimited('a'));
    assert.deepEqual(delays.slice(0, 4), [0.005, 0.01, 0.02, 0.04]);
    assert.equal(delays.at(-1), 1000);
    assert.equal(queue.failures('a'), 20);
    queue.forget('a');
    assert.equal(queue.failures('a'), 0);
    assert.equal(queue.addRateLimited('a'), 0.005);
  });

  it('keeps the failures of one key apart from those of another', () => {
    const { queue } = build();
    queue.addRateLimited('a');
    queue.addRateLimited('a');
    assert.equal(queue.addRateLimited('b'), 0.005);
  });

  it('gives its workers undefined once it is shut down, and takes nothing any more', async () => {
    const { queue, clock } = build();
    const waiting = queue.next();
    queue.addAfter('later', 5);
    queue.shutDown();
    assert.equal(await waiting, undefined);
    queue.add('a');
    queue.addAfter('b', 1);
    await clock.advance(10_000);
    assert.equal(queue.size(), 0);
    assert.equal(await queue.next(), undefined);
    assert.equal(clock.pendingTimers(), 0);
  });

  it('releases ten thousand delayed keys in the order of their times, with one timer', async () => {
    const { queue, clock } = build();
    const keys = Array.from({ length: 10_000 }, (_, index) => ({
      key: `k${index}`,
      delay: 1 + ((index * 7919) % 10_007),
    }));
    for (const { key, delay } of keys) queue.addAfter(key, delay);
    assert.equal(clock.pendingTimers(), 1);
    await clock.advance(10_008_000);
    const expected = keys.toSorted((a, b) => a.delay - b.delay).map(({ key }) => key);
    const order = [];
    while (queue.size() > 0) order.push(await queue.next());
    assert.deepEqual(order, expected);
  });

  it('measures under the names of controller-runtime', async () => {
    const registry = new Registry();
    const clock = createManualClock();
    const queue = createWorkQueue({ name: 'test', clock, metrics: createMachineryMetrics(registry).queue });
    queue.add('a');
    queue.add('b', { priority: 'low' });
    await queue.next();
    await clock.advance(3_000);
    const text = await registry.metrics();
    assert.match(text, /^workqueue_depth\{name="test",controller="test",priority="low"\} 1$/m);
    assert.match(text, /^workqueue_adds_total\{name="test",controller="test"\} 2$/m);
    assert.match(text, /^workqueue_unfinished_work_seconds\{name="test",controller="test"\} 3$/m);
    assert.match(text, /^workqueue_longest_running_processor_seconds\{name="test",controller="test"\} 3$/m);
    queue.shutDown();
  });
});
