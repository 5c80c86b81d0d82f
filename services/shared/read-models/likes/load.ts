import type { Knex } from '../../mysql/database.ts';
import type { OrderedVideo } from '../lookup/ordered-set.ts';

/** What the row of a like says. */
export interface LikeRow {
  userId: number;
  videoId: number;
  liked: boolean;
  version: number;
}

interface LikedQuery {
  userId: number;
  /** Only what was liked before this version. */
  beforeVersion?: number | undefined;
  limit: number;
}

/** A liked video; its score is the version since which it is liked without a break. */
export interface LikedVideo extends OrderedVideo {
  version: number;
}

/** The videos that a user likes, the last liked first, with their authors: one range of an index. */
export async function loadLiked(
  db: Knex,
  { userId, beforeVersion = Number.MAX_SAFE_INTEGER, limit }: LikedQuery,
): Promise<LikedVideo[]> {
  const likes: (Omit<LikedVideo, 'authorId'> & { authorId: number | null })[] = await db('favorite')
    .where({ user_id: userId, liked: true })
    .where('liked_since', '<', beforeVersion)
    .orderBy('liked_since', 'desc')
    .limit(limit)
    .select({ videoId: 'video_id', authorId: 'author_id', score: 'liked_since', version: 'version' });
  const nameless = likes.filter(({ authorId }) => authorId === null).map(({ videoId }) => videoId);
  const authors = await loadAuthors(db, nameless);
  return likes.map((like) => ({ ...like, authorId: like.authorId ?? authors.get(like.videoId) ?? 0 }));
}

/** The authors of videos; only likes that a process of an older version wrote do not know theirs. */
async function loadAuthors(db: Knex, videoIds: readonly number[]): Promise<Map<number, number>> {
  if (videoIds.length === 0) return new Map();
  const rows: { id: number; author_id: number }[] = await db('video').whereIn('id', videoIds).select('id', 'author_id');
  return new Map(rows.map(({ id, author_id }) => [id, author_id]));
}

/** Which of the videos a user likes, by primary keys. */
export async function loadLikedAmong(db: Knex, userId: number, videoIds: readonly number[]): Promise<Set<number>> {
  const ids: number[] = await db('favorite')
    .where({ user_id: userId, liked: true })
    .whereIn('video_id', videoIds)
    .pluck('video_id');
  return new Set(ids);
}

/** The rows of some likes, by primary keys. */
export async function loadLikeRows(
  db: Knex,
  likes: readonly { userId: number; videoId: number }[],
): Promise<LikeRow[]> {
  if (likes.length === 0) return [];
  const rows: (Omit<LikeRow, 'liked'> & { liked: number })[] = await db('favorite')
    .whereIn(
      ['user_id', 'video_id'],
      likes.map(({ userId, videoId }) => [userId, videoId]),
    )
    .select({ userId: 'user_id', videoId: 'video_id', liked: 'liked', version: 'version' });
  return rows.map((row) => ({ ...row, liked: row.liked === 1 }));
}

/** The version of a user's last like or unlike that reached the rows, 0 when none did. */
export async function loadLastVersion(db: Knex, userId: number): Promise<number> {
  const [row]: { version?: number | null }[] = await db('favorite')
    .where('user_id', userId)
    .max({ version: 'version' });
  return row?.version ?? 0;
}
