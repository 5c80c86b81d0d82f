import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { createSeldom } from '../seldom.ts';
import type { CacheFailure } from './lookup/read-cached.ts';

const maxAttempts = 4;

/** Tells Redis of a change that is committed; never rejects. */
export type Announce = (change: object, tell: () => Promise<unknown>) => Promise<void>;

/** How changes are told to Redis, and how its failures are logged: best effort, and without flooding the log. */
export function announceTo(logger: Logger): { onCacheFailure: CacheFailure; announce: Announce } {
  const seldom = createSeldom();

  return {
    onCacheFailure: (error) =>
      seldom(() => logger.warn({ error }, 'Redis cannot be asked: answers come from the database until it is back')),

    /** Tries a few times; the caller's transaction is committed, so a failure is logged and never thrown. */
    announce: async (change, tell) => {
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        try {
          await tell();
          return;
        } catch (error) {
          if (attempt < maxAttempts) await pause(50 * 4 ** attempt);
          else
            logger.warn({ ...change, error }, 'Redis was not told of a change: readers see it when their copy expires');
        }
      }
    },
  };
}
