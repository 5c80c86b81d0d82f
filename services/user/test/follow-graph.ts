import assert from 'node:assert/strict';
import type { Knex } from '../../shared/mysql/database.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import { type HeldChange, holdChange } from '../../shared/test/read-models/held-change.ts';
import { createFollowRows, type FollowWish } from '../repositories/follows.ts';

const wholeList = { limit: 10_000 };

/** What the cache says of a user, in all places. */
export async function shownOf({ follows, users }: ReadModels, userId: number) {
  const [following, followers, friends, found] = await Promise.all([
    follows.following(userId, wholeList),
    follows.followers(userId, wholeList),
    follows.friends(userId, wholeList),
    users.find([userId]),
  ]);
  const counts: Record<string, number> = JSON.parse(`{${found.get(userId)?.counts}}`);
  return {
    following: following.entries.map((entry) => entry.userId),
    followers: followers.entries.map((entry) => entry.userId),
    friends: friends.entries.map((entry) => entry.userId),
    counts: [counts.follow_count, counts.follower_count],
  };
}

/** The same, of the rows alone. */
export async function rowsOf(db: Knex, userId: number): Promise<Awaited<ReturnType<typeof shownOf>>> {
  const following: number[] = await db('follow')
    .where('follower_id', userId)
    .orderBy('follower_revision', 'desc')
    .pluck('following_id');
  const followers: number[] = await db('follow')
    .where('following_id', userId)
    .orderBy('following_revision', 'desc')
    .pluck('follower_id');
  const friends: number[] = await db('follow')
    .where('follower_id', userId)
    .whereNotNull('friend_revision')
    .orderBy('friend_revision', 'desc')
    .pluck('following_id');
  const both = following.filter((id) => followers.includes(id));
  assert.deepEqual(both.toSorted(), friends.toSorted(), 'friends are those who follow back');
  return { following, followers, friends, counts: [following.length, followers.length] };
}

/** A follow or unfollow of which Redis has not been told. */
export const heldFollow = (models: ReadModels, db: Knex, wish: FollowWish): Promise<HeldChange> =>
  holdChange(
    (write) => models.follows.change({ ...wish, check: Promise.resolve(), write }),
    () => createFollowRows({ db }).write(wish),
  );
