import type { Logger } from '../../shared/logger.ts';
import { type Sweeper, startSweeper } from '../../shared/sweeper.ts';
import type { Uploads } from '../repositories/uploads.ts';
import type { RemoveOutputs } from './leftovers.ts';

interface Options {
  uploads: Pick<Uploads, 'endedInDoubt' | 'settle'>;
  removeOutputs: RemoveOutputs;
  logger: Logger;
}

const everyMs = 300_000;

/** Removes what owners stored who had lost their lease, and died before they noticed it. */
export const sweepLeftovers = (options: Options): Sweeper =>
  startSweeper({
    what: 'outputs of transcoders that lost their work',
    remove: () => removeLeftovers(options),
    ...{ logger: options.logger, everyMs },
  });

/** One look at all work that is in doubt; resolves to how many objects were removed. Safe to repeat, and beside others. */
export async function removeLeftovers({ uploads, removeOutputs }: Omit<Options, 'logger'>): Promise<number> {
  let removed = 0;
  for (let found = await uploads.endedInDoubt(); found.length > 0; found = await uploads.endedInDoubt()) {
    for (const ended of found) {
      removed += await removeOutputs(ended, { butFence: ended.publishedFence });
      await uploads.settle(ended);
    }
  }
  return removed;
}
