import { LRUCache } from 'lru-cache';

/** The longest time for which a process shows a copy of what it read. */
export const longestMs = 1_000;
/** From this age on one caller reads it again, while the others still take the copy. */
const refreshedMs = 500;

/** Copies of what this process has just read, a bounded number of them. */
export interface Recent<Key, Value> {
  /** Undefined when the caller has to read it. */
  get(key: Key): Value | undefined;
  /** The time in ms by the clock of the copies, to be taken before the read. */
  now(): number;
  /** A copy is as old as the time from before its read. */
  set(key: Key, value: Value, askedAtMs: number): void;
}

interface Copy<Value> {
  value: Value;
  askedAtMs: number;
  isReadAgain: boolean;
}

interface RecentOptions {
  maxEntries: number;
  /** A monotonic clock in ms. */
  now: () => number;
}

/** Keeps copies for a moment. */
export function createRecent<Key extends number | string, Value>({
  maxEntries,
  now,
}: RecentOptions): Recent<Key, Value> {
  const copies = new LRUCache<Key, Copy<Value>>({ max: maxEntries });
  return {
    now,
    get: (key) => {
      const copy = copies.get(key);
      if (!copy) return undefined;
      const ageMs = now() - copy.askedAtMs;
      if (ageMs < refreshedMs || (ageMs < longestMs && copy.isReadAgain)) return copy.value;
      copy.isReadAgain = true;
      return undefined;
    },
    set: (key, value, askedAtMs) => {
      copies.set(key, { value, askedAtMs, isReadAgain: false });
    },
  };
}
