import type { Logger } from '../shared/logger.ts';
import { type Sweeper, startSweeper } from '../shared/sweeper.ts';
import type { SessionRows } from './repositories/sessions.ts';

interface Options {
  rows: Pick<SessionRows, 'removeExpired'>;
  logger: Logger;
}

/** The clocks of processes differ by less. */
const clockMarginMs = 3_600_000;
const everyMs = 3_600_000;

/** Removes the revocations of tokens that have expired. Several processes may do it at once. */
export const removeExpiredRevocations = ({ rows, logger }: Options): Sweeper =>
  startSweeper({
    what: 'revocations of expired tokens',
    remove: () => rows.removeExpired(Date.now() - clockMarginMs),
    ...{ logger, everyMs },
  });
