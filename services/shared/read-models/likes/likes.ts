import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Scripts } from '../../redis/scripts.ts';
import type { LikeEvent } from '../../topics.ts';
import { type Counters, ledgerOf } from '../counts/columns.ts';
import type { Counts, ViewKeys } from '../counts/counts.ts';
import type { Keys } from '../keys.ts';
import { timeToLiveMs } from '../lookup/time-to-live.ts';
import type { Touched } from '../touched/touched.ts';
import { likedAccordingTo } from './flag.ts';
import { cachedLikes, type Liked } from './liked.ts';
import { loadLastVersion } from './load.ts';
import { type LikeMove, movesOf, type TrackedCounts } from './tracked-counts.ts';

/** The scripts of this folder. */
export const likeScripts = ['move', 'store', 'tick'] as const;

interface LikesOptions {
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  scripts: Scripts<(typeof likeScripts)[number]>;
  counts: Counts;
  trackedCounts: TrackedCounts;
  touched: Touched;
  userKeys: (userId: number) => ViewKeys;
  videoKeys: (videoId: number) => ViewKeys;
  liked: Liked;
}

/** What the row of a like or unlike holds. */
export interface SettledLike extends LikeEvent {
  /** Since which version it holds without a break: repetitions do not count as new. It orders what a user likes. */
  likedSince: number;
}

/** What the rows hold after a batch of likes was written. */
export interface Settlement {
  /** Final state of each touched row. */
  likes: readonly SettledLike[];
  users: ReadonlyMap<number, Counters<'user'>>;
  videos: ReadonlyMap<number, Counters<'video'>>;
}

export interface Likes extends Liked {
  /** Hands out the version of a user's next action, and tells what holds until then. */
  begin(userId: number, videoId: number): Promise<Pick<LikeMove, 'version' | 'wasLiked' | 'wasVersion'>>;
  /** Moves the cache ahead of the rows, so that the user reads their own action at once. The event is in Kafka already. */
  move(like: LikeMove): Promise<void>;
  /** Moves the cache to what the rows hold and forgets what was pending until then; safe to repeat, in any order. */
  settle(settlement: Settlement): Promise<void>;
}

/** Entries of a user's cached likes, unlikes included, at which they are dropped to be loaded afresh. */
const maxEntries = cachedLikes * 1.25;

/** The path of a like through the cache. */
export function createLikes({ db, keys, limitLoads, scripts, counts, liked, ...options }: LikesOptions): Likes {
  const { trackedCounts, touched, userKeys, videoKeys } = options;

  const tick = async (userId: number, videoId: number, seed: number | '') => {
    const tickKeys = [keys.user.clock(userId), keys.user.likes(userId), keys.user.pendingGiven(userId)];
    const reply = await scripts.tick(tickKeys, [seed, videoId, timeToLiveMs.clock]);
    const [version, floor, known] = reply as [number, string | null, string | null];
    return { version, floor, known };
  };

  const moveCached = (userId: number, likes: readonly (LikeEvent & { likedSince: number | '' })[]) => {
    const { clock, liked, likes: flags, likesLease, pendingGiven } = keys.user;
    const args = likes.flatMap(({ videoId, authorId, version, liked, likedSince }) => [
      ...[videoId, authorId, version],
      ...[liked ? 1 : 0, likedSince],
    ]);
    return scripts.move(
      [flags(userId), liked(userId), likesLease(userId), clock(userId), pendingGiven(userId)],
      [maxEntries, timeToLiveMs.clock, ...args],
    );
  };

  return {
    ...liked,
    begin: async (userId, videoId) => {
      let ticked = await tick(userId, videoId, '');
      if (ticked.version === 0) {
        const last = await limitLoads(() => loadLastVersion(db, userId));
        ticked = await tick(userId, videoId, last);
      }
      const { version, floor, known } = ticked;
      const cached = floor === null ? undefined : likedAccordingTo(floor, known);
      const wasLiked = cached ?? (await liked.among(userId, [videoId])).has(videoId);
      return { version, wasLiked, wasVersion: Math.abs(Number(known ?? 0)) };
    },
    // The commands of one tick travel in order on one connection, so these are one round trip: first what is pending,
    // then what is shown.
    move: async (like) => {
      const userIds = [...new Set([like.userId, like.authorId])];
      await Promise.all([
        ...movesOf(trackedCounts, [like], 'pend').map(({ keys, moves }) => counts.movePending(keys, moves)),
        moveCached(like.userId, [{ ...like, likedSince: like.liked && like.wasLiked ? '' : like.version }]),
        ...userIds.map((userId) => counts.refreshView(userKeys(userId))),
        counts.refreshView(videoKeys(like.videoId)),
        touched.note(like.userId, { users: userIds, videos: [like.videoId] }),
      ]);
    },
    settle: async ({ likes, users, videos }) => {
      const moves = likes.map((like) => ({ ...like, wasLiked: like.liked, wasVersion: like.version }));
      const byUser = [...Map.groupBy(likes, ({ userId }) => userId)];
      await Promise.all([
        ...movesOf(trackedCounts, moves, 'settle').map(({ keys, moves }) => counts.movePending(keys, moves)),
        ...byUser.map(([userId, ofUser]) => moveCached(userId, ofUser)),
        ...[...users].map(([id, row]) => counts.refreshView(userKeys(id), { ledger: ledgerOf('user', row) })),
        ...[...videos].map(([id, row]) => counts.refreshView(videoKeys(id), { ledger: ledgerOf('video', row) })),
      ]);
    },
  };
}
