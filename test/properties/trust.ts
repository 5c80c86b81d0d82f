import { setTimeout as pause } from 'node:timers/promises';

/** Whether something can be relied on that faults take away for a while. */
export interface Trust {
  /** A number that is another one after each loss; undefined while it cannot be relied on. */
  epoch(): number | undefined;
  /** It is lost from now on, and comes back some time after `lose` has ended. */
  duringLoss(lose: () => Promise<void>): Promise<void>;
  /** Resolves when it is back. */
  restored(): Promise<void>;
}

/** What the promises about likes depend on. */
export interface Trusts {
  /** Redis holds all likes that the rows do not hold yet, and knows whose copies of cards are old. */
  memory: Trust;
  /**
   * Redis is told of likes right after they became rows. A like writer that dies in between leaves likes that are rows and
   * wait as well: a count may hold one twice until somebody looks.
   */
  telling: Trust;
}

interface TrustOptions {
  /** Resolves when every request that is under way now is answered. */
  answered: () => Promise<void>;
  /** Resolves when every like that was acknowledged until now is in the rows and in what is cached of them. */
  likesWritten: () => Promise<void>;
}

/** For so long processes show copies of what they read, since they can no longer tell what a caller has changed. */
const copiesMs = 1_000;

/** Nothing is lost at first; what was is back once the likes of until then are written. */
export function createTrust({ answered, likesWritten }: TrustOptions): Trust {
  let losses = 0;
  let restoring = Promise.resolve();
  let isThere = true;

  const restore = async (loss: number) => {
    await Promise.all([answered(), pause(copiesMs)]);
    await likesWritten();
    if (loss === losses) isThere = true;
  };

  return {
    epoch: () => (isThere ? losses : undefined),
    duringLoss: async (lose) => {
      losses += 1;
      isThere = false;
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
