import type { Knex } from '../../mysql/database.ts';

/** A list of a user: whom they follow, who follows them, who does both. */
export type FollowKind = 'following' | 'followers' | 'friends';

/** A user in a list; the revision orders it, the latest first. */
export interface ListedUser {
  userId: number;
  revision: number;
}

interface FollowsQuery {
  kind: FollowKind;
  /** Whose list it is. */
  userId: number;
  beforeRevision?: number | undefined;
  limit: number;
}

const columnsOf = {
  following: { owner: 'follower_id', other: 'following_id', order: 'follower_revision' },
  followers: { owner: 'following_id', other: 'follower_id', order: 'following_revision' },
  friends: { owner: 'follower_id', other: 'following_id', order: 'friend_revision' },
} as const satisfies Record<FollowKind, { owner: string; other: string; order: string }>;

/** The users in a list, the latest first: one range of an index. Only friends have a revision that orders friends. */
export async function loadFollows(
  db: Knex,
  { kind, userId, beforeRevision = Number.MAX_SAFE_INTEGER, limit }: FollowsQuery,
): Promise<ListedUser[]> {
  const { owner, other, order } = columnsOf[kind];
  return db('follow')
    .where(owner, userId)
    .where(order, '<', beforeRevision)
    .orderBy(order, 'desc')
    .limit(limit)
    .select({ userId: other, revision: order });
}

/** Which of the users are in a list, by primary keys. */
export async function loadFollowsAmong(
  db: Knex,
  { kind, userId, otherIds }: { kind: FollowKind; userId: number; otherIds: readonly number[] },
): Promise<Set<number>> {
  const { owner, other, order } = columnsOf[kind];
  const rows: { otherId: number; isIn: number | null }[] = await db('follow')
    .where(owner, userId)
    .whereIn(other, otherIds)
    .select({ otherId: other, isIn: order });
  return new Set(rows.filter(({ isIn }) => isIn !== null).map(({ otherId }) => otherId));
}

/** The revision of a user's counters, 0 when nothing was ever counted: rows that are read later hold all until then. */
export async function loadRevision(db: Knex, userId: number): Promise<number> {
  const row: { revision: number } | undefined = await db('user_counter').where('user_id', userId).first('revision');
  return row?.revision ?? 0;
}
