import type { Logger } from '../shared/logger.ts';
import type { Knex } from '../shared/mysql/database.ts';
import { type Sweeper, startSweeper } from '../shared/sweeper.ts';
import { deleteUnlikes } from './repository.ts';

interface Options {
  db: Knex;
  /** No event of a like that is older is written any more. */
  lifetimeMs: number;
  logger: Logger;
  everyMs?: number;
}

const dayMs = 24 * 3_600_000;

/**
 * Removes the rows of unlikes that no event can meet any more: an event of before them would have an even earlier version,
 * and is refused by its age. The day more is for clocks that differ. Several processes may do it at once.
 */
export const sweepTombstones = ({ db, lifetimeMs, logger, everyMs = 3_600_000 }: Options): Sweeper =>
  startSweeper({
    what: 'rows of old unlikes',
    remove: () => deleteUnlikes(db, { beforeVersion: (Date.now() - lifetimeMs - dayMs) * 1000 }),
    ...{ logger, everyMs },
  });
