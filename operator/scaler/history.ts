import type { Change } from './policies.ts';

/** What earlier decisions are remembered for; a process that begins knows nothing, and begins every wait anew. */
export interface History {
  /** When there was last a reason to work. */
  lastActiveMs: number;
  /** What the lag alone asked for. */
  wishes: readonly { atMs: number; replicas: number }[];
  changes: readonly Change[];
  /** Readings that failed in a row. */
  failures: number;
  /** The last reading, from which growth is told. */
  last?: { atMs: number; lag: number } | undefined;
}

/** The longest stabilization window and the longest period of a policy, as a HorizontalPodAutoscaler has them. */
const longestMs = 3_600_000;

/** At the start: what runs was wanted. */
export const noHistory = (nowMs: number, current: number): History => ({
  lastActiveMs: nowMs,
  wishes: [{ atMs: nowMs, replicas: current }],
  changes: [],
  failures: 0,
});

/** The same, without what no rule can ask for any more. */
export const forgetOld = (history: History, nowMs: number): History => ({
  ...history,
  wishes: history.wishes.filter(({ atMs }) => atMs > nowMs - longestMs),
  changes: history.changes.filter(({ atMs }) => atMs > nowMs - longestMs),
});

/** The same, with a change that was carried out. */
export const withChange = (history: History, change: Change): History =>
  change.from === change.to ? history : { ...history, changes: [...history.changes, change] };

/** Messages a second by which the lag has grown since the last reading. */
export function growthOf({ last }: History, { lag }: { lag: number }, nowMs: number): number {
  if (!last || nowMs <= last.atMs) return 0;
  return ((lag - last.lag) * 1_000) / (nowMs - last.atMs);
}
