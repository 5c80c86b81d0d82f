import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';

/** ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK: the server chose this transaction to give way; it may simply be run again. */
const givenWay = new Set([1205, 1213]);
const maxAttempts = 5;

/**
 * Runs the work in one transaction, and all of it again when the server made it give way to another. The work must
 * therefore have no effect outside the transaction.
 */
export async function transact<Result>(db: Knex, work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (attempt === maxAttempts || !hasGivenWay(error)) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

const hasGivenWay = (error: unknown): boolean =>
  error instanceof Error && 'errno' in error && givenWay.has(Number(error.errno));
