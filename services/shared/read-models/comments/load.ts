import type { Knex } from '../../mysql/database.ts';

/** A comment as its row holds it. */
export interface CommentRow {
  id: number;
  /** Orders the comments of a video: that of the video's counters in the transaction which wrote the comment. */
  revision: number;
  userId: number;
  content: string;
  createdAt: number;
}

interface CommentsQuery {
  videoId: number;
  /** Only older ones than the comment of this revision. */
  beforeRevision?: number | undefined;
  limit: number;
}

/** The comments of a video, newest first: one range of an index. */
export async function loadComments(
  db: Knex,
  { videoId, beforeRevision = Number.MAX_SAFE_INTEGER, limit }: CommentsQuery,
): Promise<CommentRow[]> {
  return db('comment')
    .where('video_id', videoId)
    .where('video_revision', '<', beforeRevision)
    .orderBy('video_revision', 'desc')
    .limit(limit)
    .select({
      id: 'id',
      revision: 'video_revision',
      userId: 'user_id',
      content: 'content',
      createdAt: 'created_at',
    });
}

/** The revision of a video's counters, 0 when nothing was ever counted: rows that are read later hold all until then. */
export async function loadVideoRevision(db: Knex, videoId: number): Promise<number> {
  const row: { revision: number } | undefined = await db('video_counter').where('video_id', videoId).first('revision');
  return row?.revision ?? 0;
}
