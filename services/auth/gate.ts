import { ApiError } from '../shared/errors.ts';

export interface Gate {
  /** Runs the work when a place is free; refuses at once when too many wait already. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Lets only so much costly work run at the same time, so that a flood of it slows nobody else down. */
export function createGate({ places, maxWaiting }: { places: number; maxWaiting: number }): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  const enter = async () => {
    if (running < places) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting)
      throw new ApiError('unavailable', 'too many logins at once: try again in a second');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    pass: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
