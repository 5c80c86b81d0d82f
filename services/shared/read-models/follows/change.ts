import { randomUUID } from 'node:crypto';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Announce } from '../announce.ts';
import type { Counters } from '../counts/columns.ts';
import type { Keys } from '../keys.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { Touched } from '../touched/touched.ts';
import { cachedFollows } from './list.ts';
import { type Membership, membershipsOf } from './membership.ts';

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

/** May be awaited again when the transaction has to be repeated. */
export type BeforeCommit = (state: FollowState) => Promise<void>;

/**
 * Runs a transaction that follows or unfollows, and moves what is cached of both users to what it left. Right before its
 * commit it awaits `beforeCommit`: what is cached then ends within seconds unless the rest is told, so that a process
 * which dies in between leaves nothing wrong. Rejects, with nothing written, when Redis is away by then.
 */
export type ChangeFollow = (write: (beforeCommit: BeforeCommit) => Promise<FollowState>) => Promise<void>;

export interface FollowChangeOptions {
  redis: Redis;
  keys: Keys;
  moveLists: Script;
  announce: Announce;
  touched: Touched;
  /** Shows the counters that a transaction left. */
  showCounts: (userId: number, counters: Counters<'user'>) => Promise<unknown>;
  /** Lets a cached view end soon unless `showCounts` follows. */
  doubtCounts: (userId: number) => Promise<unknown>;
}

/** Entries of a cached list at which it is dropped to be loaded afresh. */
const maxEntries = cachedFollows * 1.25;
/** Tokens of processes that died are forgotten after this time without a change: longer than a list in doubt lives. */
const changesLiveMs = 2 * timeToLiveMs.doubt;

/** The way of a follow into the cache: told before the commit that it comes, and after it what it left. */
export function createFollowChange({ redis, keys, moveLists, ...options }: FollowChangeOptions): ChangeFollow {
  const keysOf = ({ userId, kind }: Membership): [list: string, lease: string] => [
    keys.user[kind](userId),
    keys.user[`${kind}Lease`](userId),
  ];

  // The commands of one tick travel in order on one connection: first that a change is under way, then what it means.
  const doubtLists = (userId: number, memberships: readonly Membership[], token: string) => {
    const changes = keys.user.followChanges(userId);
    return Promise.all([
      redis.sadd(changes, token),
      redis.pexpire(changes, changesLiveMs),
      ...memberships.map((membership) => redis.pexpire(keysOf(membership)[0], timeToLiveMs.doubt, 'LT')),
    ]);
  };

  const tellLists = (userId: number, memberships: readonly Membership[], change: (string | number)[]) =>
    moveLists(
      [keys.user.followChanges(userId), ...memberships.flatMap(keysOf)],
      [...[...change, maxEntries, withJitter(timeToLiveMs.follows)], ...memberships.map(({ isIn }) => (isIn ? 1 : 0))],
    );

  const doubt = async (state: FollowState, token: string): Promise<void> => {
    const { ofFollower, ofFollowing } = membershipsOf(state);
    await Promise.all([
      doubtLists(state.followerId, ofFollower, token),
      doubtLists(state.followingId, ofFollowing, token),
      options.doubtCounts(state.followerId),
      options.doubtCounts(state.followingId),
    ]);
  };

  const tell = (state: FollowState, token: string) => {
    const { followerId, followingId, followerCounters, followingCounters } = state;
    const { ofFollower, ofFollowing } = membershipsOf(state);
    const revisionOf = ({ revision }: Counters<'user'>) => (state.hasChanged ? (revision ?? 0) : 0);
    return Promise.all([
      tellLists(followerId, ofFollower, [token, followingId, revisionOf(followerCounters)]),
      tellLists(followingId, ofFollowing, [token, followerId, revisionOf(followingCounters)]),
      options.showCounts(followerId, followerCounters), // after the token is gone
      options.showCounts(followingId, followingCounters),
      options.touched.note(followerId, { users: [followerId, followingId] }),
    ]);
  };

  return async (write) => {
    const token = randomUUID();
    const state = await write((toCommit) => doubt(toCommit, token));
    const { followerId, followingId } = state;
    await options.announce({ followerId, followingId }, () => tell(state, token));
  };
}
