import type { Knex } from '../../shared/mysql/database.ts';
import type { UserCursor } from '../../shared/warm-up/progress.ts';

interface Page {
  after: UserCursor | undefined;
  limit: number;
}

/** The users with most followers first: a range of an index. */
export const loadMostFollowed = (db: Knex, page: Page): Promise<UserCursor[]> =>
  loadDescending(db, { table: 'user_counter', column: 'follower_count', ...page });

/** The users who logged in last first, by the end of their tokens: a range of an index. */
export const loadLastActive = (db: Knex, page: Page): Promise<UserCursor[]> =>
  loadDescending(db, { table: 'credential', column: 'tokens_until', ...page });

/** Where users are in the list of the most followed, by primary keys. */
export const loadFollowed = (db: Knex, userIds: readonly number[]): Promise<UserCursor[]> =>
  db('user_counter').whereIn('user_id', userIds).select({ value: 'follower_count', userId: 'user_id' });

async function loadDescending(
  db: Knex,
  { table, column, after, limit }: Page & { table: string; column: string },
): Promise<UserCursor[]> {
  const query = db(table)
    .orderBy([
      { column, order: 'desc' },
      { column: 'user_id', order: 'desc' },
    ])
    .limit(limit)
    .select({ value: column, userId: 'user_id' });
  if (!after) return query;
  // Written out for the optimizer, which makes no range of a comparison of tuples.
  return query.where((rest) =>
    rest
      .where(column, '<', after.value)
      .orWhere((equal) => equal.where(column, after.value).andWhere('user_id', '<', after.userId)),
  );
}
