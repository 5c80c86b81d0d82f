import { ApiError } from './errors.ts';

export type Limit = <Result>(work: () => Promise<Result>) => Promise<Result>;

interface LimitOptions {
  concurrency: number;
  maxWaiting: number;
  /** What is said to those who are turned away. */
  refusal?: string;
}

/**
 * Runs at most `concurrency` pieces of work at once; `maxWaiting` more wait for their turn, the rest are turned away.
 * So a flood of costly work, or a lost cache, slows the rest down by a known amount and no more.
 */
export function createLimit({ concurrency, maxWaiting, refusal }: LimitOptions): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = async () => {
    if (running < concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) throw new ApiError('unavailable', refusal);
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift(); // hands its place on
    if (next) next();
    else running -= 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
