import type { Logger } from '../shared/logger.ts';
import type { ObjectStore } from '../shared/object-store/object-store.ts';
import type { OutboxRelay } from '../shared/outbox/relay.ts';
import type { ReadModelChanges } from '../shared/read-models/changes.ts';
import type { Publication, Publications } from './repositories/publications.ts';

interface Deps {
  publications: Publications;
  store: Pick<ObjectStore, 'delete'>;
  relay: Pick<OutboxRelay, 'wake'>;
  models: Pick<ReadModelChanges, 'videos'>;
  logger: Logger;
}

export type Publish = (publication: Publication) => Promise<void>;

/** Makes a stored upload a video: rows first, then the transcoders and the read models hear of it. */
export function createPublish({ publications, store, relay, models, logger }: Deps): Publish {
  /** A commit whose answer was lost may have happened: an original without rows is a smaller evil than the opposite. */
  const dropUnlessSaved = async ({ videoId, originalPath }: Publication) => {
    try {
      if (!(await publications.exists(videoId))) await store.delete({ bucket: 'originals', path: originalPath });
    } catch (error) {
      logger.warn({ error, videoId, originalPath }, 'the original of a video that could not be saved is left behind');
    }
  };

  return async (publication) => {
    try {
      await publications.add(publication);
    } catch (error) {
      await dropUnlessSaved(publication);
      throw error;
    }
    relay.wake();
    await models.videos.changed(publication);
  };
}
