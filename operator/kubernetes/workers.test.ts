import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { TerminalError } from './errors.ts';
import { silentLog } from './log.ts';
import { createMachineryMetrics } from './metrics.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { createWorkQueue } from './work-queue.ts';
import { type Reconcile, runWorkers } from './workers.ts';

describe('workers', () => {
  const build = (reconcile: Reconcile, concurrency = 4) => {
    const clock = createManualClock();
    const registry = new Registry();
    const queue = createWorkQueue({ name: 'test', clock });
    const metrics = createMachineryMetrics(registry).controller;
    const workers = runWorkers(queue, reconcile, {
      name: 'test',
      concurrency,
      passTimeoutSeconds: 60,
      log: silentLog,
      clock,
      metrics,
    });
    return { clock, queue, workers, registry };
  };

  it('works on several keys at a time, but on each by one worker', async () => {
    const running = new Map<string, number>();
    const gates: (() => void)[] = [];
    let most = 0;
    const { queue, clock, workers } = build(async (key) => {
      const others = running.get(key) ?? 0;
      assert.equal(others, 0);
      running.set(key, others + 1);
      most = Math.max(most, running.size);
      await new Promise<void>((resolve) => gates.push(resolve));
      running.delete(key);
      return undefined;
    });
    for (const key of ['a', 'b', 'c', 'a', 'b']) queue.add(key);
    await clock.advance(0);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    while (gates.length > 0) {
      gates.shift()?.();
      await clock.advance(0);
    }
    assert.equal(most, 3);
    await workers.stop();
  });

  it('repeats a key that failed, with a growing delay, until it succeeds', async () => {
    let passes = 0;
    const { queue, clock, workers } = build(async () => {
      passes += 1;
      if (passes < 4) throw new Error('not yet');
      return undefined;
    });
    queue.add('a');
    await clock.advance(0);
    assert.equal(passes, 1);
    await clock.advance(5);
    assert.equal(passes, 2);
    await clock.advance(10);
    assert.equal(passes, 3);
    await clock.advance(20);
    assert.equal(passes, 4);
    await clock.advance(1_000_000);
    assert.equal(passes, 4);
    assert.equal(queue.failures('a'), 0);
    await workers.stop();
  });

  it('does not repeat a key whose error is terminal, until it is added again', async () => {
    let passes = 0;
    const { queue, clock, workers, registry } = build(async () => {
      passes += 1;
      throw new TerminalError('change the object');
    });
    queue.add('a');
    await clock.advance(2_000_000);
    assert.equal(passes, 1);
    queue.add('a');
    await clock.advance(0);
    assert.equal(passes, 2);
    assert.match(await registry.metrics(), /^controller_runtime_terminal_reconcile_errors_total\{.*\} 2$/m);
    await workers.stop();
  });

  it('comes back to a key when its pass asks for it', async () => {
    let passes = 0;
    const { queue, clock, workers } = build(async () => {
      passes += 1;
      return passes === 1 ? { requeueAfterSeconds: 60 } : undefined;
    });
    queue.add('a');
    await clock.advance(59_999);
    assert.equal(passes, 1);
    await clock.advance(1);
    assert.equal(passes, 2);
    await clock.advance(600_000);
    assert.equal(passes, 2);
    await workers.stop();
  });

  it('ends a pass that takes too long, and repeats it', async () => {
    let passes = 0;
    const { queue, clock, workers, registry } = build(async (_, signal) => {
      passes += 1;
      if (passes === 1) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return undefined;
    });
    queue.add('a');
    await clock.advance(60_006);
    assert.equal(passes, 2);
    assert.match(await registry.metrics(), /^controller_runtime_reconcile_timeouts_total\{.*\} 1$/m);
    await workers.stop();
  });

  it('survives a programming error in a pass and counts it', async () => {
    const { queue, clock, workers, registry } = build(async (key) => {
      if (key === 'bad') throw new TypeError('undefined is not a function');
      return undefined;
    });
    queue.add('bad');
    queue.add('good');
    await clock.advance(0);
    const text = await registry.metrics();
    assert.match(text, /^controller_runtime_reconcile_panics_total\{controller="test"\} 1$/m);
    assert.match(text, /^controller_runtime_reconcile_total\{controller="test",result="success"\} 1$/m);
    assert.match(text, /^controller_runtime_active_workers\{controller="test"\} 0$/m);
    await workers.stop();
  });

  it('stops after the passes under way, and aborts those that outlast the grace period', async () => {
    const finished: (() => void)[] = [];
    let aborted = false;
    const { queue, clock, workers } = build((key, signal) => {
      if (key === 'quick') return new Promise((resolve) => finished.push(() => resolve(undefined)));
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        }),
      );
    });
    queue.add('quick');
    queue.add('endless');
    await clock.advance(0);
    let stopped = false;
    const stopping = workers.stop({ graceSeconds: 30 }).then(() => {
      stopped = true;
    });
    finished[0]?.();
    await clock.advance(29_999);
    assert.deepEqual([stopped, aborted], [false, false]);
    await clock.advance(1);
    await stopping;
    assert.deepEqual([stopped, aborted], [true, true]);
    assert.equal(clock.pendingTimers(), 0);
  });
});
