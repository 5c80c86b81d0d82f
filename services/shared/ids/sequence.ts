import { composeId, idsPerTick, tickMs, tickOf } from './layout.ts';

/** What a worker's lease permits. Times called "clock" are this process's own, which only goes forward. */
export interface Grant {
  worker: number;
  /** The time that ids carry, at `clockMs`. */
  timeMs: number;
  clockMs: number;
  /** From this moment of the clock on nothing may be given out. */
  endsAtClockMs: number;
  /** The ticks that may be used; nobody else ever uses them with this worker number. */
  firstTick: number;
  lastTick: number;
}

/** Ticks that may be borrowed of the future: a second of them. */
export const borrowedTicks = 1000 / tickMs;

export interface Sequence {
  /** The next id; or how long to wait for one; or that the lease has to be renewed first. */
  take(): { id: number } | { waitMs: number } | 'expired';
  /** Goes on under a renewed or another lease. */
  grant(next: Grant): void;
  /** The last tick that was used. */
  lastTick(): number;
}

/** The time that ids carry at a moment of the clock. */
export const timeAt = (grant: Grant, clockMs: number): number => grant.timeMs + clockMs - grant.clockMs;

/** Gives out ids of one worker, ascending. A full tick borrows from the ticks to come, up to a second of them. */
export function createSequence(clock: () => number): Sequence {
  let grant: Grant | undefined;
  let tick = -1;
  let used = 0;
  return {
    take: () => {
      const nowMs = clock();
      if (!grant || nowMs >= grant.endsAtClockMs) return 'expired';
      const present = tickOf(timeAt(grant, nowMs));
      const next = used < idsPerTick ? Math.max(tick, present) : Math.max(tick + 1, present);
      if (next > grant.lastTick) return 'expired';
      if (next > present + borrowedTicks) return { waitMs: (next - present - borrowedTicks) * tickMs };
      if (next > tick) used = 0;
      tick = next;
      used += 1;
      return { id: composeId({ tick, worker: grant.worker, sequence: used - 1 }) };
    },
    grant: (next) => {
      if (grant?.worker !== next.worker) {
        tick = next.firstTick - 1;
        used = idsPerTick;
      }
      grant = next;
    },
    lastTick: () => tick,
  };
}
