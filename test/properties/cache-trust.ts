import { setTimeout as pause } from 'node:timers/promises';

/** Whether Redis holds all likes that the rows do not hold yet. */
export interface CacheTrust {
  /** A number that is another one after each loss; undefined while likes may be missing. */
  epoch(): number | undefined;
  /** Redis loses what it holds, from now until `lose` has ended. */
  duringLoss(lose: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is missing any more. */
  restored(): Promise<void>;
}

interface TrustOptions {
  /** Resolves when every request that is under way now is answered. */
  answered: () => Promise<void>;
  /** Resolves when every like that was acknowledged until now is in the rows and in what is cached of them. */
  likesWritten: () => Promise<void>;
}

/** For so long processes show copies of what they read, since they can no longer tell what a caller has changed. */
const copiesMs = 1_000;

/** What Redis has lost is there again once the likes that it held are written. */
export function createCacheTrust({ answered, likesWritten }: TrustOptions): CacheTrust {
  let losses = 0;
  let restoring = Promise.resolve();
  let isWhole = true;

  const restore = async (loss: number) => {
    await Promise.all([answered(), pause(copiesMs)]);
    await likesWritten();
    if (loss === losses) isWhole = true;
  };

  return {
    epoch: () => (isWhole ? losses : undefined),
    duringLoss: async (lose) => {
      losses += 1;
      isWhole = false;
      await lose();
      losses += 1;
      const restored = restore(losses);
      restored.catch(() => undefined); // whoever waits for it hears of it
      restoring = Promise.all([restoring, restored]).then(() => undefined);
      restoring.catch(() => undefined);
    },
    restored: () => restoring,
  };
}
