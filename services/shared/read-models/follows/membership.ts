import type { FollowKind } from './load.ts';

/** A list that shows a change, and whether the other user is in it afterwards; undefined: as before. */
export interface Membership {
  userId: number;
  kind: FollowKind;
  isIn: boolean | undefined;
}

interface Change {
  followerId: number;
  followingId: number;
  follows: boolean;
  areFriends: boolean;
  hasChanged: boolean;
}

/**
 * The lists of both users that show a follow or an unfollow. A repetition puts nobody into a list: it only makes the
 * cache drop those of which another process has not told its change yet.
 */
export function membershipsOf({ followerId, followingId, follows, areFriends, hasChanged }: Change) {
  const listsOf = (userId: number, kind: FollowKind): Membership[] => {
    const isIn = hasChanged && follows;
    const makesNoFriends = isIn && !areFriends; // a follow that is not returned
    return [
      { userId, kind, isIn },
      { userId, kind: 'friends', isIn: makesNoFriends ? undefined : isIn },
    ];
  };
  return { ofFollower: listsOf(followerId, 'following'), ofFollowing: listsOf(followingId, 'followers') };
}
