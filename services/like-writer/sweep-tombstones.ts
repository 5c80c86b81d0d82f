import type { Logger } from '../shared/logger.ts';
import type { Knex } from '../shared/mysql/database.ts';
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
 * Removes now and then the rows of unlikes that no event can meet any more: an event of before them would have an even
 * earlier version, and is refused by its age. The day more is for clocks that differ. Several processes may do it at once.
 */
export function sweepTombstones({ db, lifetimeMs, logger, everyMs = 3_600_000 }: Options): { stop(): void } {
  const sweep = async () => {
    try {
      const tombstones = await deleteUnlikes(db, { beforeVersion: (Date.now() - lifetimeMs - dayMs) * 1000 });
      if (tombstones > 0) logger.info({ tombstones }, 'rows of old unlikes were removed');
    } catch (error) {
      logger.warn({ error }, 'rows of old unlikes could not be removed: they stay until the next look');
    }
  };
  const timer = setInterval(() => void sweep(), everyMs * (0.9 + Math.random() / 5));
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
