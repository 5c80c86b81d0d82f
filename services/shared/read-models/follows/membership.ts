import type { FollowKind } from './load.ts';

/** A list that a change touches, and whether the other user is in it afterwards. */
export interface Membership {
  userId: number;
  kind: FollowKind;
  isIn: boolean;
}

interface Change {
  followerId: number;
  followingId: number;
  follows: boolean;
  areFriends: boolean;
  hasChanged: boolean;
}

/**
 * The lists of both users that a follow or an unfollow touches. A repetition puts nobody into a list: it only makes the
 * cache drop those of which another process has not told its change yet.
 */
export function membershipsOf({ followerId, followingId, follows, areFriends, hasChanged }: Change) {
  const listsOf = (userId: number, kind: FollowKind): Membership[] => {
    const list = { userId, kind, isIn: hasChanged && follows };
    const friends = { userId, kind: 'friends' as const, isIn: hasChanged && areFriends };
    return list.isIn && !friends.isIn ? [list] : [list, friends]; // a follow that is not returned makes no friends
  };
  return { ofFollower: listsOf(followerId, 'following'), ofFollowing: listsOf(followingId, 'followers') };
}
