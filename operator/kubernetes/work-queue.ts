import { type Backoff, backoffMs, keyBackoff } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { createDelayedKeys } from './delayed-keys.ts';
import type { QueueMetrics } from './metrics.ts';

/** Low: work that nobody waits for, such as the first list after a start; changes by users overtake it. */
export type Priority = 'normal' | 'low';

/**
 * Keys that need work. A key is in it once, however often it is added; it is never handed to two workers at a time;
 * added while it is worked on, it comes back afterwards. Nothing is kept about a key that is neither waiting nor failing.
 */
export interface WorkQueue {
  add: (key: string, options?: { priority?: Priority }) => void;
  /** Adds it later. The earliest time of a key counts: adding it at once makes a later time void. */
  addAfter: (key: string, delaySeconds: number) => void;
  /** Adds it after a delay that grows with each failure in a row. Returns the delay. */
  addRateLimited: (key: string) => number;
  /** The key succeeded: its next failure starts with the shortest delay. */
  forget: (key: string) => void;
  failures: (key: string) => number;
  /** The next key; waits for one. Undefined once the queue is shut down. Call `done` when the work has ended. */
  next: () => Promise<string | undefined>;
  done: (key: string) => void;
  /** Keys that are waiting now; delayed ones not counted. */
  size: () => number;
  /** Takes and hands out nothing any more. */
  shutDown: () => void;
}

interface WorkQueueOptions {
  /** Label of the metrics. */
  name: string;
  clock?: Clock;
  backoff?: Backoff;
  metrics?: QueueMetrics | undefined;
}

const priorities: readonly Priority[] = ['normal', 'low'];

export function createWorkQueue({
  name,
  clock = systemClock,
  backoff = keyBackoff,
  metrics,
}: WorkQueueOptions): WorkQueue {
  const labels = { name, controller: name };
  /** Waiting keys in the order of their arrival, with the time of it. */
  const ready: Record<Priority, Map<string, number>> = { normal: new Map(), low: new Map() };
  const working = new Map<string, number>();
  const addedWhileWorking = new Map<string, Priority>();
  const failures = new Map<string, number>();
  const waiters: ((key: string | undefined) => void)[] = [];
  const delayed = createDelayedKeys(clock, (key) => add(key));
  let closed = false;

  const add = (key: string, { priority = 'normal' }: { priority?: Priority } = {}) => {
    if (closed) return;
    delayed.remove(key);
    if (working.has(key)) {
      if (addedWhileWorking.get(key) !== 'normal') addedWhileWorking.set(key, priority);
      return;
    }
    if (ready.normal.has(key) || (priority === 'low' && ready.low.has(key))) return;
    const since = ready.low.get(key);
    ready.low.delete(key);
    ready[priority].set(key, since ?? clock.monotonicMs());
    if (since === undefined) metrics?.adds.inc(labels);
    handOut();
  };

  const handOut = () => {
    while (waiters.length > 0) {
      const key = take();
      if (key === undefined) return;
      waiters.shift()?.(key);
    }
  };

  const take = (): string | undefined => {
    for (const priority of priorities) {
      for (const [key, since] of ready[priority]) {
        ready[priority].delete(key);
        working.set(key, clock.monotonicMs());
        metrics?.queueDuration.observe(labels, (clock.monotonicMs() - since) / 1000);
        return key;
      }
    }
    return undefined;
  };

  const isWaiting = (key: string): boolean => ready.normal.has(key) || ready.low.has(key) || addedWhileWorking.has(key);

  const addAfter = (key: string, delaySeconds: number) => {
    if (closed || isWaiting(key)) return;
    if (delaySeconds <= 0) add(key);
    else delayed.add(key, delaySeconds * 1000);
  };

  const stopObserving = metrics?.onScrape(() => {
    const ages = [...working.values()].map((since) => (clock.monotonicMs() - since) / 1000);
    for (const priority of priorities) metrics.depth.set({ ...labels, priority }, ready[priority].size);
    metrics.unfinishedWork.set(
      labels,
      ages.reduce((sum, age) => sum + age, 0),
    );
    metrics.longestRunning.set(labels, Math.max(0, ...ages));
  });

  return {
    add,
    addAfter,
    addRateLimited: (key) => {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      metrics?.retries.inc(labels);
      const delaySeconds = backoffMs(backoff, count, 0) / 1000;
      addAfter(key, delaySeconds);
      return delaySeconds;
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
    next: () => {
      if (closed) return Promise.resolve(undefined);
      const key = take();
      return key === undefined ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve(key);
    },
    done: (key) => {
      const since = working.get(key);
      if (since === undefined) return;
      working.delete(key);
      metrics?.workDuration.observe(labels, (clock.monotonicMs() - since) / 1000);
      const priority = addedWhileWorking.get(key);
      addedWhileWorking.delete(key);
      if (priority) add(key, { priority });
    },
    size: () => ready.normal.size + ready.low.size,
    shutDown: () => {
      closed = true;
      delayed.clear();
      addedWhileWorking.clear();
      for (const priority of priorities) ready[priority].clear();
      for (const resolve of waiters.splice(0)) resolve(undefined);
      stopObserving?.();
    },
  };
}
