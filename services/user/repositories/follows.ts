import { createLimit } from '../../shared/limit.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import { type Counters, countColumns } from '../../shared/read-models/counts/columns.ts';
import type { FollowPair, FollowState } from '../../shared/read-models/index.ts';

/** What a user wants: to follow another one, or not to. */
export interface FollowWish extends FollowPair {
  follows: boolean;
}

export interface FollowRows {
  /** Brings the row to what is wished and moves the counters with it; a repetition changes nothing. Both users exist. */
  write(wish: FollowWish): Promise<FollowState>;
}

interface FollowRowsOptions {
  db: Knex;
  now?: () => number;
  /** Many may wait for the counters of one star: they leave connections of this process to everybody else. */
  concurrentWrites?: number;
}

const refusal = 'too many follows at once: repeat it in a second';

/**
 * The rows of follows. Whoever writes holds the counters of both users, which are locked in ascending order: so there is
 * one writer for a pair at a time, and the revisions that order the lists grow in the order of the commits.
 */
export function createFollowRows({ db, now = Date.now, concurrentWrites = 5 }: FollowRowsOptions): FollowRows {
  const limitWrites = createLimit({ concurrency: concurrentWrites, maxWaiting: 500, refusal });
  return {
    write: (wish) => limitWrites(() => transact(db, (trx) => writeOnce(trx, wish, now()))),
  };
}

async function writeOnce(trx: Knex, wish: FollowWish, nowMs: number): Promise<FollowState> {
  const counters = await lockCounters(trx, wish);
  const { isFollowing, isFollowed } = await readPair(trx, wish);
  const areFriends = wish.follows && isFollowed;
  if (isFollowing === wish.follows) return { ...wish, ...counters, areFriends, hasChanged: false };
  const state: FollowState = { ...wish, ...move(counters, wish), areFriends, hasChanged: true };
  await writeRow(trx, state, nowMs);
  if (isFollowed) await writeRowBack(trx, state);
  await moveCounters(trx, wish);
  return state;
}

type PairCounters = Pick<FollowState, 'followerCounters' | 'followingCounters'>;
type CounterRow = Record<(typeof countColumns.user)[number] | 'revision' | 'user_id', number>;

async function lockCounters(trx: Knex, { followerId, followingId }: FollowPair): Promise<PairCounters> {
  const ids = [followerId, followingId];
  const lock = async (): Promise<Map<number, Counters<'user'>>> => {
    const rows: CounterRow[] = await trx('user_counter')
      .whereIn('user_id', ids)
      .orderBy('user_id')
      .select('user_id', 'revision', ...countColumns.user)
      .forUpdate();
    return new Map(rows.map(({ user_id, ...counters }) => [user_id, counters]));
  };
  const create = () =>
    trx('user_counter')
      .insert(ids.toSorted((a, b) => a - b).map((user_id) => ({ user_id })))
      .onConflict('user_id')
      .ignore();
  const locked = await lock();
  if (locked.size < 2) await create(); // a row that is missing counts as zeros, but cannot be locked
  const counters = locked.size < 2 ? await lock() : locked;
  return { followerCounters: countersOf(counters, followerId), followingCounters: countersOf(counters, followingId) };
}

function countersOf(counters: ReadonlyMap<number, Counters<'user'>>, userId: number): Counters<'user'> {
  const found = counters.get(userId);
  if (!found) throw new Error(`the counters of user ${userId} cannot be locked`);
  return found;
}

/** Who of the two follows the other now. */
async function readPair(trx: Knex, { followerId, followingId }: FollowPair) {
  const followers: number[] = await trx('follow')
    .whereIn(
      ['follower_id', 'following_id'],
      [
        [followerId, followingId],
        [followingId, followerId],
      ],
    )
    .pluck('follower_id');
  return { isFollowing: followers.includes(followerId), isFollowed: followers.includes(followingId) };
}

/** The counters after a change, as `moveCounters` writes them. */
function move({ followerCounters, followingCounters }: PairCounters, { follows }: FollowWish): PairCounters {
  const step = follows ? 1 : -1;
  const next = (counters: Counters<'user'>, column: 'follow_count' | 'follower_count') => ({
    ...counters,
    [column]: (counters[column] ?? 0) + step,
    revision: (counters.revision ?? 0) + 1,
  });
  return {
    followerCounters: next(followerCounters, 'follow_count'),
    followingCounters: next(followingCounters, 'follower_count'),
  };
}

async function moveCounters(trx: Knex, { followerId, followingId, follows }: FollowWish): Promise<void> {
  const step = follows ? 1 : -1;
  await trx('user_counter')
    .whereIn('user_id', [followerId, followingId])
    .update({
      follow_count: trx.raw('follow_count + IF(user_id = ?, ?, 0)', [followerId, step]),
      follower_count: trx.raw('follower_count + IF(user_id = ?, ?, 0)', [followingId, step]),
      revision: trx.raw('revision + 1'),
    });
}

async function writeRow(trx: Knex, state: FollowState, createdAt: number): Promise<void> {
  const { followerId, followingId, follows, areFriends, followerCounters, followingCounters } = state;
  const pair = { follower_id: followerId, following_id: followingId };
  if (!follows) {
    await trx('follow').where(pair).delete();
    return;
  }
  await trx('follow').insert({
    ...pair,
    follower_revision: followerCounters.revision,
    following_revision: followingCounters.revision,
    friend_revision: areFriends ? followerCounters.revision : null,
    created_at: createdAt,
  });
}

/** The row of the one who follows back: they are friends from now on, or no longer. */
async function writeRowBack(trx: Knex, state: FollowState): Promise<void> {
  const { followerId, followingId, areFriends, followingCounters } = state;
  await trx('follow')
    .where({ follower_id: followingId, following_id: followerId })
    .update({ friend_revision: areFriends ? followingCounters.revision : null });
}
