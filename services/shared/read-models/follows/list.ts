import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import { type CacheFailure, readCached } from '../lookup/read-cached.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type FollowKind, type ListedUser, loadFollows, loadFollowsAmong, loadRevision } from './load.ts';

export interface FollowListOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  claim: Script;
  storeFollows: Script;
  onCacheFailure: CacheFailure;
}

export interface FollowsPage {
  /** The exclusive cursor that the page before gave. */
  beforeRevision?: number | undefined;
  limit: number;
}

export interface FollowsFound {
  entries: ListedUser[];
  /** The cursor of the next page, when there is one. */
  nextCursor?: number;
}

export interface FollowList {
  /** Which of the users are in the list. */
  among(userId: number, otherIds: readonly number[]): Promise<Set<number>>;
  page(userId: number, page: FollowsPage): Promise<FollowsFound>;
}

/** So many of a list's latest entries are cached when it is loaded; older ones come from the rows. */
export const cachedFollows = 2000;

interface LoadedList {
  base: number;
  rows: ListedUser[];
}

/** One of the three lists of a user: exact however long it is. */
export function createFollowList(kind: FollowKind, options: FollowListOptions): FollowList {
  const { redis, db, keys, limitLoads, onCacheFailure } = options;
  const keyOf = keys.user[kind];
  const leaseOf = keys.user[`${kind}Lease`];

  const loadLatest = async (userId: number): Promise<LoadedList> => {
    const base = await loadRevision(db, userId); // first: the rows then hold all that was committed until this revision
    return { base, rows: await loadFollows(db, { kind, userId, limit: cachedFollows + 1 }) };
  };
  const load = async (ids: readonly number[]) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await limitLoads(() => loadLatest(id))] as const)));
  const store = async (id: number, { base, rows }: LoadedList = { base: 0, rows: [] }, token: string) => {
    const floor = rows[cachedFollows]?.revision ?? 0;
    const entries = rows.slice(0, cachedFollows).flatMap(({ userId, revision }) => [userId, revision]);
    const args = [token, withJitter(timeToLiveMs.follows), timeToLiveMs.doubt, floor, base, ...entries];
    return (await options.storeFollows([keyOf(id), leaseOf(id), keys.user.followChanges(id)], args)) === 1;
  };
  const fill = createFill({ keyOf, leaseOf, load, store }, options.claim);
  const throughCache = <Value>(userId: number, read: () => Promise<Value | undefined>) =>
    readCached({ read, fill: () => fill([userId]), onCacheFailure });

  const readFlags = async (userId: number, otherIds: readonly number[]) => {
    const [floor, ...revisions] = await redis.zmscore(keyOf(userId), 'floor', ...otherIds.map(String));
    if (typeof floor !== 'string') return undefined;
    return revisions.map((revision) => flagOf(floor, revision));
  };

  /** Undefined when the list is not cached; null when the page reaches below what is. */
  const readPage = async (userId: number, { beforeRevision, limit }: FollowsPage) => {
    const upper = beforeRevision === undefined ? '+inf' : `(${beforeRevision}`;
    const [reply, floor] = await Promise.all([
      redis.zrevrangebyscore(keyOf(userId), upper, '(0', 'WITHSCORES', 'LIMIT', 0, limit + 1),
      redis.zscore(keyOf(userId), 'floor'), // after the range: a list that was dropped in between is then noticed
    ]);
    if (floor === null) return undefined;
    const entries = parseListed(reply);
    return entries.length > limit || Number(floor) === 0 ? cutPage(entries, limit) : null;
  };

  return {
    among: async (userId, otherIds) => {
      if (otherIds.length === 0) return new Set();
      const flags = (await throughCache(userId, () => readFlags(userId, otherIds))) ?? [];
      const found = new Set(otherIds.filter((_, index) => flags[index]));
      const unknown = otherIds.filter((_, index) => flags[index] === undefined);
      if (unknown.length === 0) return found;
      const inRows = await limitLoads(() => loadFollowsAmong(db, { kind, userId, otherIds: unknown }));
      return new Set([...found, ...inRows]);
    },
    page: async (userId, page) => {
      const cached = await throughCache(userId, () => readPage(userId, page));
      if (cached) return cached;
      const query = { kind, userId, beforeRevision: page.beforeRevision, limit: page.limit + 1 };
      return cutPage(await limitLoads(() => loadFollows(db, query)), page.limit);
    },
  };
}

/** Whether a user is in the list, undefined when the rows have to be asked: only what is above the floor is cached. */
function flagOf(floor: string, revision: string | null | undefined): boolean | undefined {
  if (typeof revision === 'string') return true;
  return Number(floor) === 0 ? false : undefined;
}

/** The reply of a range with scores: member, score, member, score … */
function parseListed(reply: readonly string[]): ListedUser[] {
  const entries: ListedUser[] = [];
  for (let index = 0; index < reply.length; index += 2)
    entries.push({ userId: Number(reply[index]), revision: Number(reply[index + 1]) });
  return entries;
}

function cutPage(entries: readonly ListedUser[], limit: number): FollowsFound {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return entries.length > limit && last ? { entries: page, nextCursor: last.revision } : { entries: page };
}
