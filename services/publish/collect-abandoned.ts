import type { Logger } from '../shared/logger.ts';
import type { ObjectStore } from '../shared/object-store/object-store.ts';

interface Options {
  store: Pick<ObjectStore, 'abortAbandonedUploads'>;
  logger: Logger;
  everyMs?: number;
}

/** Longer than any upload can take. */
const olderThanMs = 3_600_000;

/** Removes now and then the parts of uploads whose process died. Several processes may do it at once. */
export function collectAbandonedUploads({ store, logger, everyMs = 20 * 60_000 }: Options): { stop(): void } {
  const collect = async () => {
    try {
      const uploads = await store.abortAbandonedUploads({ olderThanMs });
      if (uploads > 0) logger.info({ uploads }, 'parts of abandoned uploads were removed');
    } catch (error) {
      logger.warn({ error }, 'abandoned uploads could not be looked for: their parts stay until the next look');
    }
  };
  const timer = setInterval(() => void collect(), everyMs * (0.9 + Math.random() / 5));
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
