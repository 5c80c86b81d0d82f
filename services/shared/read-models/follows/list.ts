import type { Knex } from '../../mysql/database.ts';
import type { Keys } from '../keys.ts';
import { createNewestList, type NewestListOptions, type RevisionPage } from '../lookup/newest-list.ts';
import type { Page } from '../lookup/page.ts';
import { timeToLiveMs } from '../lookup/time-to-live.ts';
import { type FollowKind, type ListedUser, loadFollows, loadFollowsAmong, loadRevision } from './load.ts';

export interface FollowListOptions extends NewestListOptions {
  db: Knex;
  keys: Keys;
}

export interface FollowList {
  /** Which of the users are in the list. */
  among(userId: number, otherIds: readonly number[]): Promise<Set<number>>;
  page(userId: number, page: RevisionPage): Promise<Page<ListedUser>>;
}

/** So many of a list's latest entries are cached when it is loaded; older ones come from the rows. */
export const cachedFollows = 2000;

/** One of the three lists of a user. */
export function createFollowList(kind: FollowKind, options: FollowListOptions): FollowList {
  const { redis, db, keys, limitLoads } = options;
  const keyOf = keys.user[kind];
  const { page, throughCache } = createNewestList<ListedUser>(
    {
      keysOf: (id) => ({ list: keyOf(id), lease: keys.user[`${kind}Lease`](id), changes: keys.user.followChanges(id) }),
      ...{ maxCached: cachedFollows, livesMs: timeToLiveMs.follows },
      loadRevision: (userId) => loadRevision(db, userId),
      loadEntries: (userId, range) => loadFollows(db, { kind, userId, ...range }),
      memberOf: ({ userId }) => userId,
      parse: (member, revision) => ({ userId: Number(member), revision }),
    },
    options,
  );

  const readFlags = async (userId: number, otherIds: readonly number[]) => {
    const [floor, ...revisions] = await redis.zmscore(keyOf(userId), 'floor', ...otherIds.map(String));
    if (typeof floor !== 'string') return undefined;
    return revisions.map((revision) => flagOf(floor, revision));
  };

  return {
    page,
    among: async (userId, otherIds) => {
      if (otherIds.length === 0) return new Set();
      const flags = (await throughCache(userId, () => readFlags(userId, otherIds))) ?? [];
      const found = new Set(otherIds.filter((_, index) => flags[index]));
      const unknown = otherIds.filter((_, index) => flags[index] === undefined);
      if (unknown.length === 0) return found;
      const inRows = await limitLoads(() => loadFollowsAmong(db, { kind, userId, otherIds: unknown }));
      return new Set([...found, ...inRows]);
    },
  };
}

/** Whether a user is in the list, undefined when the rows have to be asked: only what is above the floor is cached. */
function flagOf(floor: string, revision: string | null | undefined): boolean | undefined {
  if (typeof revision === 'string') return true;
  return Number(floor) === 0 ? false : undefined;
}
