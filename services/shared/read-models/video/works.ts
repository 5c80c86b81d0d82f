import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import type { CacheFailure } from '../lookup/read-cached.ts';
import { createTexts } from '../lookup/texts.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { loadWorks, type Work } from './load.ts';
import { parseWorks, type Works, worksText } from './works-text.ts';

interface WorksOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  claim: Script;
  storeText: Script;
  onCacheFailure: CacheFailure;
}

export interface WorksPage {
  authorId: number;
  /** Whether the caller may see what is not ready. */
  isOwn: boolean;
  beforeId?: number | undefined;
  limit: number;
}

/** Entries of one page; `nextCursor` when there are more. */
export interface WorksFound {
  works: Work[];
  nextCursor?: number;
}

/** So many of an author's newest videos are cached; older ones come from the rows. */
const cachedWorks = 250;

/** Pages through the videos of an author. */
export function createWorks({ db, keys, limitLoads, claim, storeText, ...rest }: WorksOptions) {
  const keyOf = keys.user.works;
  const leaseOf = keys.user.worksLease;

  const loadNewest = async (authorId: number): Promise<string> => {
    const rows = await limitLoads(() => loadWorks(db, { authorId, onlyReady: false, limit: cachedWorks + 1 }));
    return worksText({ works: rows.slice(0, cachedWorks), isWhole: rows.length <= cachedWorks });
  };
  const load = async (ids: readonly number[]) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await loadNewest(id)] as const)));
  const store = async (id: number, text: string | undefined, token: string) =>
    (await storeText([keyOf(id), leaseOf(id)], [token, text ?? '', withJitter(timeToLiveMs.works)])) === 1;

  const fill = createFill({ keyOf, leaseOf, load, store }, claim);
  const find = createTexts({ ...rest, keyOf, fill, loadTexts: load });

  return async (page: WorksPage): Promise<WorksFound> => {
    const newest = parseWorks((await find([page.authorId])).get(page.authorId) ?? '');
    const cached = pageOf(newest, page);
    if (cached) return cached;
    const query = { authorId: page.authorId, beforeId: page.beforeId, onlyReady: !page.isOwn, limit: page.limit + 1 };
    return cutPage(await limitLoads(() => loadWorks(db, query)), page.limit);
  };
}

/** The page out of the newest videos, undefined when it reaches beyond them. */
export function pageOf({ works, isWhole }: Works, { beforeId, isOwn, limit }: WorksPage): WorksFound | undefined {
  const visible = works.filter(
    ({ id, state }) => (isOwn || state === 'ready') && (beforeId === undefined || id < beforeId),
  );
  return isWhole || visible.length > limit ? cutPage(visible, limit) : undefined;
}

function cutPage(works: readonly Work[], limit: number): WorksFound {
  const page = works.slice(0, limit);
  const last = page.at(-1);
  return works.length > limit && last ? { works: page, nextCursor: last.id } : { works: page };
}
