/** How often what happened. */
export interface Tally {
  count(what: string, times?: number): void;
  of(what: string): number;
  /** All of it whose name begins so. */
  sum(start: string): number;
  lines(): string[];
}

/** Counts from zero. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    count: (what, times = 1) => {
      counts.set(what, (counts.get(what) ?? 0) + times);
    },
    of: (what) => counts.get(what) ?? 0,
    sum: (start) => [...counts].reduce((sum, [what, count]) => sum + (what.startsWith(start) ? count : 0), 0),
    lines: () => [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([what, count]) => `${count} × ${what}`),
  };
}
