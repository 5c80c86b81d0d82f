/** Time as the machinery sees it; tests hand in one that they turn themselves. */
export interface Clock {
  /** Milliseconds on a clock that never jumps; only differences mean something. */
  monotonicMs: () => number;
  /** What a calendar says, for timestamps that others read. */
  date: () => Date;
  /** Calls once after the delay, unless the returned function is called first. */
  schedule: (delayMs: number, run: () => void) => () => void;
}

/** Node's timers turn longer delays into 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  date: () => new Date(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

/** Waits; ends early, without an error, when the signal is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(delayMs, end);
    signal?.addEventListener('abort', end);
  });
}

/** RFC 3339 with six digits, the only form of MicroTime that every API server takes. */
export const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
