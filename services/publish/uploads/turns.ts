import { ApiError } from '../../shared/errors.ts';

interface TurnsOptions {
  /** So many have a turn at the same time. */
  count: number;
  /** So many wait for one at most, */
  longestLine: number;
  /** and so long. */
  patienceMs: number;
}

/** Does the work when it has its turn. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

const noTurn = () => new ApiError('unavailable', 'too many uploads at once: try again in a moment');

/** Lets so many work at the same time; who comes later waits in line for a while, and is then refused as unavailable. */
export function createTurns({ count, longestLine, patienceMs }: TurnsOptions): TakeTurn {
  let free = count;
  const line = new Set<() => void>();

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

  const begin = async (): Promise<void> => {
    if (free === 0 && line.size >= longestLine) throw noTurn();
    if (free === 0) await wait();
    else free -= 1;
  };

  /** The next in line has the turn at once, so that nobody comes between. */
  const end = () => {
    const [next] = line;
    if (!next) free += 1;
    else {
      line.delete(next);
      next();
    }
  };

  return async (work) => {
    await begin();
    try {
      return await work();
    } finally {
      end();
    }
  };
}
