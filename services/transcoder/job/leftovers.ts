import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import type { Job } from '../repositories/uploads.ts';

interface Deps {
  store: Pick<ObjectStore, 'list' | 'delete'>;
  names: Pick<ObjectNames, 'mediaFolder'>;
}

/** Outputs that no row names: of one owner whose work came to nothing, or of all but the one whose outputs are shown. */
export type Leftovers = { ofFence: number } | { butFence: number };

/** Removes outputs that nobody will ever look at; resolves to how many there were. */
export const createRemoveOutputs =
  ({ store, names }: Deps) =>
  async (job: Pick<Job, 'videoId' | 'originalPath'>, which: Leftovers): Promise<number> => {
    const folder = names.mediaFolder(job);
    let removed = 0;
    for await (const { path } of store.list('media', folder)) {
      const fence = Number.parseInt(path.slice(folder.length), 10);
      if (!('ofFence' in which ? fence === which.ofFence : fence !== which.butFence)) continue;
      await store.delete({ bucket: 'media', path });
      removed += 1;
    }
    return removed;
  };

export type RemoveOutputs = ReturnType<typeof createRemoveOutputs>;
