import type { Knex } from '../../mysql/database.ts';

/** A ready video in the feed's order. */
export interface FeedEntry {
  videoId: number;
  authorId: number;
  publishedAtMs: number;
}

interface FeedQuery {
  beforeMs?: number | undefined;
  limit: number;
}

/** The newest ready videos before a time, newest first. Only ready videos have a time of publication. */
export async function loadFeed(db: Knex, { beforeMs, limit }: FeedQuery): Promise<FeedEntry[]> {
  return db('video')
    .where('published_at', '<', beforeMs ?? Number.MAX_SAFE_INTEGER)
    .orderBy('published_at', 'desc')
    .limit(limit)
    .select({ videoId: 'id', authorId: 'author_id', publishedAtMs: 'published_at' });
}
