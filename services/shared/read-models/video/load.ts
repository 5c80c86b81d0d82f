import type { Knex } from '../../mysql/database.ts';
import { type Counters, countColumns, ledgerOf } from '../counts/columns.ts';
import type { LoadedRow } from '../counts/views.ts';
import { type VideoRow, type VideoState, videoCard } from './card.ts';

const cardColumns = [
  ...['id', 'author_id', 'title', 'state', 'reason', 'original_path', 'play_path', 'cover_path', 'hls_path'],
  ...['width', 'height', 'duration_ms', 'created_at'],
];

/** Loads videos by id, in whatever state; an id without a row has no entry. */
export async function loadVideos(db: Knex, ids: readonly number[]): Promise<Map<number, LoadedRow>> {
  const rows: (VideoRow & Counters<'video'>)[] = await db('video')
    .leftJoin('video_counter', 'video_counter.video_id', 'video.id')
    .whereIn('video.id', ids)
    .select(...cardColumns, 'revision', ...countColumns.video);
  return new Map(rows.map((row) => [row.id, { card: videoCard(row), ledger: ledgerOf('video', row) }]));
}

/** One entry of an author's list. */
export interface Work {
  id: number;
  state: VideoState;
}

interface WorksQuery {
  authorId: number;
  /** Only older ones than this video. */
  beforeId?: number | undefined;
  onlyReady: boolean;
  limit: number;
}

/** The videos of an author, newest first. */
export async function loadWorks(db: Knex, { authorId, beforeId, onlyReady, limit }: WorksQuery): Promise<Work[]> {
  const query = db('video').where('author_id', authorId).orderBy('id', 'desc').limit(limit).select('id', 'state');
  if (beforeId !== undefined) query.andWhere('id', '<', beforeId);
  if (onlyReady) query.andWhere('state', 'ready');
  return query;
}
