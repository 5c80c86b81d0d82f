import type { Clock } from '../clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time and runs what became due, in order; promises settle in between. */
  advance: (ms: number) => Promise<void>;
  /** Moves time as a stall of the event loop does: nothing runs until the next `advance`. */
  stall: (ms: number) => void;
  pendingTimers: () => number;
}

interface Timer {
  dueMs: number;
  run: () => void;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

export function createManualClock(start = new Date('2030-01-02T03:04:05.678Z')): ManualClock {
  let nowMs = 0;
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number) =>
    [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];

  return {
    monotonicMs: () => nowMs,
    date: () => new Date(start.getTime() + nowMs),
    schedule: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      await settle();
      const endMs = nowMs + ms;
      for (let timer = nextDue(endMs); timer; timer = nextDue(endMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
        await settle();
      }
      nowMs = endMs;
      await settle();
    },
    stall: (ms) => {
      nowMs += ms;
    },
    pendingTimers: () => timers.size,
  };
}
