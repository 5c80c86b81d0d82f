import { createPasswords } from '../../services/auth/passwords.ts';
import type { Knex } from '../../services/shared/mysql/database.ts';
import { commentRows } from './data-set/comments.ts';
import { type Draft, draftOf, type Size } from './data-set/draft.ts';
import { followRows } from './data-set/follows.ts';
import { insertRows, type Value } from './data-set/insert-rows.ts';
import { likeRows } from './data-set/likes.ts';
import { credentialRows, userCounterRows, userRows } from './data-set/people.ts';
import { videoCounterRows, videoRows } from './data-set/videos.ts';

export type SizeName = 'S' | 'M';

/** S is the size at which the original system was measured; M is what one machine's platform has to live with. */
export const sizes: Readonly<Record<SizeName, Size>> = {
  S: { users: 1_000, videos: 1_000, likes: 20_000, comments: 5_000, follows: 10_000 },
  M: { users: 100_000, videos: 10_000, likes: 1_000_000, comments: 200_000, follows: 500_000 },
};

/** The password of every user of a data set; the n-th user's name is `user-n`. */
export const password = 'correct horse';

/** Ids of a data set, oldest first. */
export type DataSet = Pick<Draft, 'userIds' | 'videoIds'>;

interface Table {
  columns: readonly string[];
  rows: Iterable<readonly Value[]>;
}

/** Fills an empty, migrated database: the same rows for the same seed, counters equal to what they count. */
export async function fillDataSet(db: Knex, size: SizeName, { seed = 1 } = {}): Promise<DataSet> {
  const draft = draftOf(sizes[size], seed);
  const passwordHash = await (await createPasswords()).hash(password);
  const tables = Object.entries(tablesOf(draft, passwordHash));
  await Promise.all(tables.map(([table, { columns, rows }]) => insertRows(db, { table, columns }, rows)));
  await db.raw(`ANALYZE TABLE ${tables.map(([table]) => table).join(',')}`);
  return draft;
}

const tablesOf = (draft: Draft, passwordHash: string): Record<string, Table> => ({
  user: {
    columns: ['id', 'username', 'name', 'avatar_path', 'signature', 'created_at'],
    rows: userRows(draft),
  },
  credential: { columns: ['user_id', 'password_hash', 'updated_at'], rows: credentialRows(draft, passwordHash) },
  user_counter: {
    columns: [
      ...['user_id', 'follow_count', 'follower_count', 'total_favorited', 'work_count', 'favorite_count', 'revision'],
    ],
    rows: userCounterRows(draft),
  },
  video: {
    columns: [
      ...['id', 'author_id', 'title', 'state', 'original_path', 'play_path', 'cover_path'],
      ...['width', 'height', 'duration_ms', 'created_at', 'published_at'],
    ],
    rows: videoRows(draft),
  },
  video_counter: {
    columns: ['video_id', 'favorite_count', 'comment_count', 'revision'],
    rows: videoCounterRows(draft),
  },
  favorite: {
    columns: ['user_id', 'video_id', 'liked', 'version', 'created_at', 'updated_at', 'author_id'],
    rows: likeRows(draft),
  },
  comment: {
    columns: ['id', 'video_id', 'video_revision', 'user_id', 'content', 'created_at'],
    rows: commentRows(draft),
  },
  follow: {
    columns: [
      ...['follower_id', 'following_id', 'follower_revision', 'following_revision', 'friend_revision', 'created_at'],
    ],
    rows: followRows(draft),
  },
});
