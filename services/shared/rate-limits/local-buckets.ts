import { LRUCache } from 'lru-cache';
import type { Rate } from './rate.ts';

/** Takes pieces; returns 0, or in how many ms they can be taken. */
export type TakeLocally = (key: string, rate: Rate, pieces: number) => number;

/** The buckets of `take.lua` in the memory of one process: what counts while Redis is away. */
export function createLocalBuckets(now: () => number = () => performance.now()): TakeLocally {
  const fullAtMs = new LRUCache<string, number>({ max: 10_000 });
  return (key, { pieces, periodMs }, taken) => {
    const nowMs = now();
    const full = Math.max(fullAtMs.get(key) ?? nowMs, nowMs) + (periodMs / pieces) * taken;
    const waitMs = full - nowMs - periodMs;
    if (waitMs > 0) return Math.ceil(waitMs);
    fullAtMs.set(key, full);
    return 0;
  };
}
