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
      const changes = { state: 'ready', published_at: publishedAt, ...outputColumns(made) };
      await trx('video').where({ id: videoId }).update(changes);
      return publishedAt;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

/** Lets a video that is ready show other outputs. */
export async function showOutputs(trx: Knex.Transaction, videoId: number, made: Transcoded): Promise<void> {
  await trx('video').where({ id: videoId }).update(outputColumns(made));
}

const outputColumns = ({ playPath, coverPath, hlsPath, width, height, durationMs }: Transcoded) => ({
  ...{ play_path: playPath, cover_path: coverPath, hls_path: hlsPath },
  ...{ width, height, duration_ms: durationMs },
});

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY';
