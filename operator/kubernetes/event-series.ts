import type { Clock } from './clock.ts';

/** What to do with an event that has just happened. */
export type Decision =
  | { action: 'create' }
  | { action: 'count'; name: string; namespace: string; count: number }
  | { action: 'drop' };

interface Series {
  lastMs: number;
  count: number;
  /** The Event object, once it is made. */
  stored?: { name: string; namespace: string; writtenMs: number; pauseMs: number };
}

/** An event that does not happen again for so long is forgotten; the next one is a new one. */
const forgottenAfterMs = 6 * 60_000;

/** The count of a series is written at once, and then after pauses that double up to this. */
const pauses = { firstMs: 30_000, longestMs: 30 * 60_000 };

/** What one object may write, as client-go's spam filter: a burst, and then one every five minutes. */
const budget = { burst: 25, refillMs: 300_000 };

/** Decides what becomes of repeated events; remembers only what has happened lately. */
export function createEventSeries(clock: Clock) {
  const known = new Map<string, Series>();
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  let sweptMs = clock.monotonicMs();

  const mayWrite = (objectUid: string, nowMs: number): boolean => {
    const { tokens, atMs } = buckets.get(objectUid) ?? { tokens: budget.burst, atMs: nowMs };
    const now = Math.min(budget.burst, tokens + (nowMs - atMs) / budget.refillMs);
    buckets.set(objectUid, { tokens: now >= 1 ? now - 1 : now, atMs: nowMs });
    return now >= 1;
  };

  const sweep = (nowMs: number) => {
    if (nowMs - sweptMs < forgottenAfterMs) return;
    sweptMs = nowMs;
    for (const [key, { lastMs }] of known) if (isForgotten(lastMs, nowMs)) known.delete(key);
    for (const [uid, { atMs }] of buckets) if (nowMs - atMs > budget.burst * budget.refillMs) buckets.delete(uid);
  };

  return {
    /** The event happened now. */
    observe: (key: string, objectUid: string): Decision => {
      const nowMs = clock.monotonicMs();
      sweep(nowMs);
      const before = known.get(key);
      const series = before && !isForgotten(before.lastMs, nowMs) ? before : { lastMs: nowMs, count: 0 };
      series.lastMs = nowMs;
      series.count += 1;
      known.set(key, series);
      const { stored, count } = series;
      if (!stored) return count === 1 && mayWrite(objectUid, nowMs) ? { action: 'create' } : { action: 'drop' };
      if (nowMs - stored.writtenMs < stored.pauseMs || !mayWrite(objectUid, nowMs)) return { action: 'drop' };
      stored.writtenMs = nowMs;
      stored.pauseMs = Math.min(pauses.longestMs, Math.max(pauses.firstMs, 2 * stored.pauseMs));
      return { action: 'count', name: stored.name, namespace: stored.namespace, count };
    },
    /** The Event object of the key exists now; answers how often the event had happened by then, to be written if more than once. */
    created: (key: string, { name, namespace }: { name: string; namespace: string }): number => {
      const series = known.get(key);
      const count = series?.count ?? 1;
      const pauseMs = count > 1 ? pauses.firstMs : 0;
      if (series) series.stored = { name, namespace, writtenMs: clock.monotonicMs(), pauseMs };
      return count;
    },
    /** The Event object has gone, and another one is made for what has just happened. */
    lost: (key: string): void => {
      const series = known.get(key);
      if (series) known.set(key, { lastMs: series.lastMs, count: 1 });
    },
    /** The Event object could not be made: the next one tries again. */
    failed: (key: string) => void known.delete(key),
    size: () => known.size,
  };
}

const isForgotten = (lastMs: number, nowMs: number): boolean => nowMs - lastMs > forgottenAfterMs;
