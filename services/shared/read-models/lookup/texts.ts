import type { Redis } from '../../redis/connect.ts';
import { getMany } from '../../redis/get-many.ts';
import type { Fill } from './fill.ts';
import { type CacheFailure, readCached } from './read-cached.ts';

interface TextsOptions {
  redis: Redis;
  keyOf: (id: number) => string;
  fill: Fill;
  /** The texts as the rows say; an id without a row has no entry. */
  loadTexts: (ids: readonly number[]) => Promise<Map<number, string>>;
  onCacheFailure: CacheFailure;
}

export type FindTexts = (ids: readonly number[]) => Promise<Map<number, string>>;

/**
 * Finds one text per id: one round trip when all are cached, a fill when some are missing, the rows where that does not help.
 * An id that does not exist has the empty text.
 */
export function createTexts({ redis, keyOf, fill, loadTexts, onCacheFailure }: TextsOptions): FindTexts {
  const readInto = async (found: Map<number, string>, missing: readonly number[]): Promise<number[]> => {
    const texts = await getMany(redis, missing.map(keyOf));
    return missing.filter((id, index) => {
      const text = texts[index];
      if (typeof text === 'string') found.set(id, text);
      return typeof text !== 'string';
    });
  };

  return async (ids) => {
    const found = new Map<number, string>();
    let missing = [...new Set(ids)];
    if (missing.length === 0) return found;
    const read = async () => {
      missing = await readInto(found, missing);
      return missing.length === 0 ? found : undefined;
    };
    if (await readCached({ read, fill: () => fill(missing), onCacheFailure })) return found;
    const loaded = await loadTexts(missing);
    for (const id of missing) found.set(id, loaded.get(id) ?? '');
    return found;
  };
}
