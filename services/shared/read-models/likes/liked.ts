import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import { type OrderedVideo, parseOrderedMember } from '../lookup/ordered-set.ts';
import { cutPage, type Page, readPage } from '../lookup/page.ts';
import { type CacheFailure, readCached } from '../lookup/read-cached.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { likedAccordingTo } from './flag.ts';
import { type LikedVideo, loadLiked, loadLikedAmong } from './load.ts';

interface LikedOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  claim: Script;
  storeLikes: Script;
  onCacheFailure: CacheFailure;
}

export interface Liked {
  /** Which of the videos a user likes. */
  among(userId: number, videoIds: readonly number[]): Promise<Set<number>>;
  /** The videos that a user likes, the last liked first. */
  page(userId: number, query: { beforeVersion?: number | undefined; limit: number }): Promise<Page<OrderedVideo>>;
}

/** So many of a user's newest likes are cached when they are loaded; older ones come from the rows. */
export const cachedLikes = 2000;

const pageForm = { parse: parseOrderedMember, cursorOf: ({ score }: OrderedVideo) => score };

/** What a user likes: exact however many likes there are. */
export function createLiked({ redis, db, keys, limitLoads, claim, storeLikes, onCacheFailure }: LikedOptions): Liked {
  const { likes, liked: likedOf, likesLease, pendingGiven } = keys.user;

  const loadNewest = async (userId: number) =>
    [userId, await limitLoads(() => loadLiked(db, { userId, limit: cachedLikes + 1 }))] as const;
  const load = async (ids: readonly number[]) => new Map(await Promise.all(ids.map(loadNewest)));
  const store = async (id: number, rows: readonly LikedVideo[] = [], token: string) => {
    const floor = rows[cachedLikes]?.score ?? 0;
    const entries = rows
      .slice(0, cachedLikes)
      .flatMap(({ videoId, authorId, version, score }) => [videoId, authorId, version, score]);
    const storeKeys = [likes(id), likedOf(id), likesLease(id), pendingGiven(id)];
    return (await storeLikes(storeKeys, [token, withJitter(timeToLiveMs.likes), floor, ...entries])) === 1;
  };
  const fill = createFill({ keyOf: likedOf, leaseOf: likesLease, load, store }, claim);
  const throughCache = <Value>(userId: number, read: () => Promise<Value | undefined>) =>
    readCached({ read, fill: () => fill([userId]), onCacheFailure });

  const readFlags = async (userId: number, videoIds: readonly number[]) => {
    const [floor, ...versions] = await redis.hmget(likes(userId), 'floor', ...videoIds.map(String));
    if (typeof floor !== 'string') return undefined;
    return versions.map((version) => likedAccordingTo(floor, version));
  };

  return {
    among: async (userId, videoIds) => {
      if (videoIds.length === 0) return new Set();
      const flags = (await throughCache(userId, () => readFlags(userId, videoIds))) ?? [];
      const found = new Set(videoIds.filter((_, index) => flags[index]));
      const unknown = videoIds.filter((_, index) => flags[index] === undefined);
      if (unknown.length === 0) return found;
      const liked = await limitLoads(() => loadLikedAmong(db, userId, unknown));
      return new Set([...found, ...liked]);
    },
    page: async (userId, { beforeVersion, limit }) => {
      const query = { key: likedOf(userId), before: beforeVersion, limit };
      const cached = await throughCache(userId, () => readPage(redis, query, pageForm));
      if (cached) return cached;
      const rows = await limitLoads(() => loadLiked(db, { userId, beforeVersion, limit: limit + 1 }));
      return cutPage(rows, limit, pageForm.cursorOf);
    },
  };
}
