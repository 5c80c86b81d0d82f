import { ApiError } from '../../shared/errors.ts';

interface TurnsOptions {
  /** So many have a turn at the same time. */
  count: number;
  /** So many wait for one at most, */
  longestLine: number;
  /** and so long. */
  patienceMs: number;
}

/** Ends a turn; asked again it does nothing. */
export type EndTurn = () => void;

/** Lets so many work at the same time; who comes later waits in line for a while, and is then refused as unavailable. */
export interface Turns {
  take: () => Promise<EndTurn>;
}

const noTurn = () => new ApiError('unavailable', 'too many uploads at once: try again in a moment');

export function createTurns({ count, longestLine, patienceMs }: TurnsOptions): Turns {
  let free = count;
  const line = new Set<() => void>();

  const end = () => {
    const [next] = line;
    if (!next) {
      free += 1;
      return;
    }
    line.delete(next);
    next();
  };

  const endOnce = (): EndTurn => {
    let isOver = false;
    return () => {
      if (!isOver) end();
      isOver = true;
    };
  };

  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const called = () => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        line.delete(called);
        reject(noTurn());
      }, patienceMs);
      line.add(called);
    });

  return {
    take: async () => {
      if (free > 0) {
        free -= 1;
        return endOnce();
      }
      if (line.size >= longestLine) throw noTurn();
      await wait();
      return endOnce();
    },
  };
}
