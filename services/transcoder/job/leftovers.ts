import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import type { Job } from '../repositories/uploads.ts';

interface Deps {
  store: Pick<ObjectStore, 'list' | 'delete'>;
  names: Pick<ObjectNames, 'mediaFolder'>;
}

/**
 * Which outputs of a video no row names: those of this fence when its work came to nothing, those of others when this one
 * succeeded (dead or slow owners left them), all of them when the video has failed.
 */
export type Leftovers = 'own' | 'of others' | 'all';

/** Removes outputs that nobody will ever look at. */
export const createRemoveOutputs =
  ({ store, names }: Deps) =>
  async (job: Job, which: Leftovers): Promise<void> => {
    const folder = names.mediaFolder(job);
    for await (const { path } of store.list('media', folder)) {
      const isOwn = path.startsWith(`${folder}${job.fence}-`);
      if (which === 'all' || isOwn === (which === 'own')) await store.delete({ bucket: 'media', path });
    }
  };

export type RemoveOutputs = ReturnType<typeof createRemoveOutputs>;
