import type { Knex } from 'knex';
import { databaseNow } from './database-now.ts';
import type { Transcoded } from './transcoded.ts';

/**
 * Makes a video ready at the present millisecond, or at the next one that no other video has: the feed is ordered by it,
 * and a cursor between two videos must fall on one side of each.
 */
export async function publishVideo(trx: Knex.Transaction, videoId: number, made: Transcoded): Promise<number> {
  const [[{ now }]] = await trx.raw(`SELECT ${databaseNow} AS now`);
  for (let publishedAt: number = now; ; publishedAt += 1) {
    try {
      await trx('video').where({ id: videoId }).update({
        state: 'ready',
        play_path: made.playPath,
        cover_path: made.coverPath,
        width: made.width,
        height: made.height,
        duration_ms: made.durationMs,
        published_at: publishedAt,
      });
      return publishedAt;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY';
