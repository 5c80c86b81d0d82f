import { randomUUID } from 'node:crypto';
import type { Scripts } from '../../redis/scripts.ts';
import type { Counters } from '../counts/columns.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import {
  cachedFollows,
  createFollowList,
  type FollowList,
  type FollowListOptions,
  type FollowsFound,
  type FollowsPage,
} from './list.ts';
import type { FollowKind } from './load.ts';

/** The scripts of this folder. */
export const followScripts = ['move', 'store'] as const;

interface FollowsOptions extends Omit<FollowListOptions, 'storeFollows'> {
  scripts: Scripts<(typeof followScripts)[number]>;
  /** Shows the counters that a transaction left. */
  showCounts: (userId: number, counters: Counters<'user'>) => Promise<unknown>;
  /** Lets a cached view end soon unless `showCounts` follows. */
  doubtCounts: (userId: number) => Promise<unknown>;
}

/** Who follows whom. */
export interface FollowPair {
  followerId: number;
  followingId: number;
}

/** What the rows hold after a follow or an unfollow. */
export interface FollowState extends FollowPair {
  follows: boolean;
  /** Whether each follows the other. */
  areFriends: boolean;
  /** Whether the transaction changed anything; false for a repetition. */
  hasChanged: boolean;
  followerCounters: Counters<'user'>;
  followingCounters: Counters<'user'>;
}

export interface Follows {
  /** Which of the users somebody follows. */
  among: FollowList['among'];
  /** Whom a user follows, the last followed first. */
  following(userId: number, page: FollowsPage): Promise<FollowsFound>;
  /** Who follows a user, the last one first. */
  followers(userId: number, page: FollowsPage): Promise<FollowsFound>;
  /** Who follows a user and is followed back, the last such pair first. */
  friends(userId: number, page: FollowsPage): Promise<FollowsFound>;
  isFriend(userId: number, otherId: number): Promise<boolean>;
  /**
   * Told by a transaction right before its commit: what is cached of both then ends within seconds, unless `followed`
   * comes with the same token. So a process that dies in between leaves nothing wrong. Rejects when Redis is away.
   */
  changing(state: FollowState): Promise<string>;
  /** Told after the commit: moves lists and counts of both; safe to repeat, in any order. */
  followed(state: FollowState, token?: string): Promise<void>;
}

const kinds = ['following', 'followers', 'friends'] as const satisfies readonly FollowKind[];

/** Entries of a cached list at which it is dropped to be loaded afresh. */
const maxEntries = cachedFollows * 1.25;
/** Tokens of processes that died are forgotten after this time without a change: longer than a list in doubt lives. */
const changesLiveMs = 2 * timeToLiveMs.doubt;

/** The follow graph: its lists out of Redis or the rows, and the way of a change into the cache. */
export function createFollows({ scripts, showCounts, doubtCounts, ...options }: FollowsOptions): Follows {
  const { redis, keys } = options;
  const lists = { ...options, storeFollows: scripts.store };
  const following = createFollowList('following', lists);
  const followers = createFollowList('followers', lists);
  const friends = createFollowList('friends', lists);

  const listsOf = (userId: number, isIn: Membership) =>
    kinds
      .filter((kind) => isIn[kind] !== undefined)
      .map((kind) => ({
        list: keys.user[kind](userId),
        lease: keys.user[`${kind}Lease`](userId),
        isIn: isIn[kind],
      }));

  const move = (userId: number, { token, otherId, revision, isIn }: Move) => {
    const touched = listsOf(userId, isIn);
    return scripts.move(
      [keys.user.followChanges(userId), ...touched.flatMap(({ list, lease }) => [list, lease])],
      [
        ...[token, otherId, revision, maxEntries, withJitter(timeToLiveMs.follows)],
        ...touched.map(({ isIn }) => (isIn ? 1 : 0)),
      ],
    );
  };

  // The commands of one tick travel in order on one connection: first that a change is under way, then what it means.
  const doubtLists = (userId: number, token: string, isIn: Membership) => {
    const changes = keys.user.followChanges(userId);
    return Promise.all([
      redis.sadd(changes, token),
      redis.pexpire(changes, changesLiveMs),
      ...listsOf(userId, isIn).map(({ list }) => redis.pexpire(list, timeToLiveMs.doubt, 'LT')),
    ]);
  };

  return {
    among: following.among,
    following: following.page,
    followers: followers.page,
    friends: friends.page,
    isFriend: async (userId, otherId) => (await friends.among(userId, [otherId])).has(otherId),
    changing: async (state) => {
      const { followerId, followingId } = state;
      const token = randomUUID();
      await Promise.all([
        doubtLists(followerId, token, membership('following', state)),
        doubtLists(followingId, token, membership('followers', state)),
        doubtCounts(followerId),
        doubtCounts(followingId),
      ]);
      return token;
    },
    followed: async (state, token = '') => {
      const { followerId, followingId, followerCounters, followingCounters } = state;
      const revisionOf = (counters: Counters<'user'>) => (state.hasChanged ? (counters.revision ?? 0) : 0);
      await Promise.all([
        showCounts(followerId, followerCounters),
        showCounts(followingId, followingCounters),
        move(followerId, {
          ...{ token, otherId: followingId, revision: revisionOf(followerCounters) },
          isIn: membership('following', state),
        }),
        move(followingId, {
          ...{ token, otherId: followerId, revision: revisionOf(followingCounters) },
          isIn: membership('followers', state),
        }),
      ]);
    },
  };
}

/** The lists of a user that a change touches, and whether the other user is in them afterwards. */
type Membership = Partial<Record<FollowKind, boolean>>;

interface Move {
  token: string;
  otherId: number;
  revision: number;
  isIn: Membership;
}

/** A repetition says nothing new: it only drops lists of which another process has not told its change yet. */
function membership(kind: FollowKind, { follows, areFriends, hasChanged }: FollowState): Membership {
  if (!hasChanged) return { [kind]: false, friends: false };
  return follows && !areFriends ? { [kind]: true } : { [kind]: follows, friends: areFriends };
}
