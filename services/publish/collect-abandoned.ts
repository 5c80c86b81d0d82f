import type { Logger } from '../shared/logger.ts';
import type { ObjectStore } from '../shared/object-store/object-store.ts';
import { type Sweeper, startSweeper } from '../shared/sweeper.ts';

interface Options {
  store: Pick<ObjectStore, 'abortAbandonedUploads'>;
  logger: Logger;
}

/** Longer than any upload can take. */
const olderThanMs = 3_600_000;
const everyMs = 20 * 60_000;

/** Removes the parts of uploads whose process died. Several processes may do it at once. */
export const collectAbandonedUploads = ({ store, logger }: Options): Sweeper =>
  startSweeper({
    what: 'parts of abandoned uploads',
    remove: () => store.abortAbandonedUploads({ olderThanMs }),
    ...{ logger, everyMs },
  });
