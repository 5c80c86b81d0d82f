import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import { absenceMs } from '../lookup/absence.ts';
import { createFill } from '../lookup/fill.ts';
import type { CacheFailure } from '../lookup/read-cached.ts';
import { createTexts, type FindTexts } from '../lookup/texts.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { viewFromRows } from './columns.ts';
import type { Counts, ViewKeys } from './counts.ts';

/** A card and its counters, as the rows say. */
export interface LoadedRow {
  card: string;
  ledger: string;
}

interface ViewsOptions {
  redis: Redis;
  keysOf: (id: number) => ViewKeys;
  load: (ids: readonly number[]) => Promise<Map<number, LoadedRow>>;
  counts: Counts;
  claim: Script;
  storeText: Script;
  onCacheFailure: CacheFailure;
}

/** Finds the views of users or of videos: card and counts in one text, pending likes added. */
export function createViews({ keysOf, load, counts, claim, storeText, ...rest }: ViewsOptions): FindTexts {
  const keyOf = (id: number) => keysOf(id).view;
  const leaseOf = (id: number) => keysOf(id).lease;

  const store = async (id: number, loaded: LoadedRow | undefined, token: string): Promise<boolean> => {
    const ttlMs = withJitter(loaded ? timeToLiveMs.view : absenceMs(id));
    if (loaded) return counts.storeView(keysOf(id), { ...loaded, token, ttlMs, ttlInDoubtMs: timeToLiveMs.doubt });
    return (await storeText([keyOf(id), leaseOf(id)], [token, '', ttlMs])) === 1;
  };

  const loadTexts = async (ids: readonly number[]) => {
    const loaded = await load(ids);
    return new Map([...loaded].map(([id, row]) => [id, viewFromRows(keysOf(id).entity, row)]));
  };

  const fill = createFill({ keyOf, leaseOf, load, store }, claim);
  return createTexts({ ...rest, keyOf, fill, loadTexts });
}
