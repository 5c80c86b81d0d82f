import type { Script } from '../../redis/scripts.ts';
import type { Counters } from '../counts/columns.ts';
import type { Keys } from '../keys.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { RunChange } from '../run-change.ts';
import type { Touched } from '../touched/touched.ts';
import { cachedFollows } from './list.ts';
import type { FollowKind } from './load.ts';
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

/** A follow or an unfollow that is to be written. */
interface FollowChange extends FollowPair {
  check: Promise<unknown>;
  write: () => Promise<FollowState>;
}

/** Follows or unfollows, as `RunChange` says. */
export type ChangeFollow = (change: FollowChange) => Promise<void>;

export interface FollowChangeOptions {
  keys: Keys;
  moveLists: Script;
  runChange: RunChange;
  touched: Touched;
  /** Shows the counters that a transaction left. */
  showCounts: (userId: number, counters: Counters<'user'>) => Promise<unknown>;
}

/** What the script is told of a list. */
const moveOf = ({ isIn }: Membership) => (isIn === undefined ? '-' : Number(isIn));

/** Entries of a cached list at which it is dropped to be loaded afresh. */
const maxEntries = cachedFollows * 1.25;

/** The way of a follow into the cache of both users. */
export function createFollowChange({ keys, moveLists, runChange, ...options }: FollowChangeOptions): ChangeFollow {
  const keysOf = ({ userId, kind }: Membership): [list: string, lease: string] => [
    keys.user[kind](userId),
    keys.user[`${kind}Lease`](userId),
  ];

  const tellLists = (userId: number, memberships: readonly Membership[], change: (string | number)[]) =>
    moveLists(
      [keys.user.followChanges(userId), ...memberships.flatMap(keysOf)],
      [...change, maxEntries, withJitter(timeToLiveMs.follows), ...memberships.map(moveOf)],
    );

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

  const placeOf = (userId: number, kind: FollowKind) => ({
    changes: keys.user.followChanges(userId),
    cached: [keys.user[kind](userId), keys.user.friends(userId), keys.user.view(userId)],
  });

  return async ({ followerId, followingId, check, write }) => {
    const shownBy = [placeOf(followerId, 'following'), placeOf(followingId, 'followers')];
    await runChange({ shownBy, check, write, tell });
  };
}
