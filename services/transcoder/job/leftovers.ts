import type { ObjectNames, ObjectStore } from '../../shared/object-store/object-store.ts';
import type { Job } from '../repositories/uploads.ts';

interface Deps {
  store: Pick<ObjectStore, 'list' | 'delete'>;
  names: Pick<ObjectNames, 'mediaFolder'>;
}

/** Outputs that no row names: of one owner whose work came to nothing, of all but the one whose outputs are shown, or all. */
export type Leftovers = { ofFence: number } | { butFence: number } | 'all';

/** Removes outputs that nobody will ever look at. */
export const createRemoveOutputs =
  ({ store, names }: Deps) =>
  async (job: Job, which: Leftovers): Promise<void> => {
    const folder = names.mediaFolder(job);
    for await (const { path } of store.list('media', folder)) {
      const fence = Number.parseInt(path.slice(folder.length), 10);
      if (isLeft(fence, which)) await store.delete({ bucket: 'media', path });
    }
  };

function isLeft(fence: number, which: Leftovers): boolean {
  if (which === 'all') return true;
  return 'ofFence' in which ? fence === which.ofFence : fence !== which.butFence;
}

export type RemoveOutputs = ReturnType<typeof createRemoveOutputs>;
