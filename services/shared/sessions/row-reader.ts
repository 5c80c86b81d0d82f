import { setTimeout as pause } from 'node:timers/promises';
import { idsPerTick, tickMs, workers } from '../ids/layout.ts';
import type { Logger } from '../logger.ts';
import type { Knex } from '../mysql/database.ts';
import { createSeldom } from '../seldom.ts';
import { loadRevocations } from './load.ts';
import type { Revocation } from './revocations.ts';

interface Options {
  db: Knex;
  logger: Logger;
  onRead: (revocations: readonly Revocation[]) => void;
}

export interface RowReader {
  /** Reads every row; waits for a database that is away, and rejects when it does not come back. */
  readAll(): Promise<void>;
  /** Reads the rows that were written since; a failure is logged, since the next look makes up for it. */
  readNew(): Promise<void>;
}

/** Ids ascend with time only roughly, and a row may be committed after one with a later id: so far back a look begins. */
const overlap = (600_000 / tickMs) * workers * idsPerTick;
const startAttempts = 30;
const startPauseMs = 1_000;

/** Reads revocations from their rows, in the order of their ids, one look at a time. */
export function createRowReader({ db, logger, onRead }: Options): RowReader {
  let lastId = 0;
  let reading: Promise<void> = Promise.resolve();
  const seldom = createSeldom();

  const readRows = async () => {
    for (let afterId = Math.max(0, lastId - overlap); ; ) {
      const page = await loadRevocations(db, afterId);
      onRead(page.revocations);
      afterId = page.lastId ?? afterId;
      lastId = Math.max(lastId, afterId);
      if (page.isLast) return;
    }
  };
  const warn = (error: unknown) =>
    seldom(() =>
      logger.warn({ error }, 'revoked tokens cannot be read: those that are not known yet are still accepted'),
    );
  return {
    readAll: async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await readRows();
        } catch (error) {
          // A process that does not know what is revoked must not answer.
          if (attempt === startAttempts) throw new Error('revoked tokens cannot be read', { cause: error });
          logger.info({ error }, 'waiting for the database, to read which tokens are revoked');
          await pause(startPauseMs);
        }
      }
    },
    readNew: () => {
      reading = reading.then(readRows).catch(warn); // never during another look, which may have begun too early
      return reading;
    },
  };
}
