import { setTimeout as pause } from 'node:timers/promises';
import type { MeasuredPlatform } from './platform.ts';

const longestMs = 300_000;

/** Resolves when every accepted like is written. */
export async function untilWritten({ lag }: MeasuredPlatform): Promise<void> {
  const deadline = Date.now() + longestMs;
  while ((await lag()) > 0) {
    if (Date.now() > deadline) throw new Error(`likes are still not written after ${longestMs / 1000} s`);
    await pause(100);
  }
}

export interface Delays {
  likes: number;
  p50Ms: number;
  p99Ms: number;
}

/**
 * From a like's version, which the clock of Redis gave before it was accepted, to its row: milliseconds. Both clocks are
 * those of one machine.
 */
export async function delaysSince({ db }: MeasuredPlatform, sinceMs: number): Promise<Delays> {
  const rows: { delay: number }[] = await db('favorite')
    .where('updated_at', '>=', sinceMs)
    .select({ delay: db.raw('updated_at - version DIV 1000') })
    .orderBy('delay');
  const at = (share: number) => Number(rows[Math.floor(rows.length * share)]?.delay ?? Number.NaN);
  return { likes: rows.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}
