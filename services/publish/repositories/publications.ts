import type { IdGenerator } from '../../shared/ids/generator.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import { enqueue } from '../../shared/outbox/enqueue.ts';
import type { UploadEvent } from '../../shared/topics.ts';
import type { UploadRows } from '../upload-state.ts';

export interface Publication {
  videoId: number;
  authorId: number;
  title: string;
  originalPath: string;
}

/** Rows of videos that were uploaded. */
export const createPublications = ({ db, ids }: { db: Knex; ids: Pick<IdGenerator, 'next'> }) => ({
  /** The video, its wait for a transcode, and the event that starts it: all of them or none. */
  add: async ({ videoId, authorId, title, originalPath }: Publication): Promise<void> => {
    const eventId = await ids.next();
    const now = Date.now();
    const event: UploadEvent = { videoId, authorId };
    await transact(db, async (trx) => {
      await enqueue(trx, { id: eventId, topic: 'uploads', key: String(videoId), payload: event });
      await trx('upload').insert({ video_id: videoId, state: 'queued', created_at: now, updated_at: now });
      await trx('video').insert({
        id: videoId,
        author_id: authorId,
        title,
        state: 'processing',
        original_path: originalPath,
        created_at: now,
      });
      await trx('video_counter').insert({ video_id: videoId });
    });
  },

  /** What the rows say of an upload, to its author only. */
  find: async ({ videoId, authorId }: { videoId: number; authorId: number }): Promise<UploadRows | undefined> => {
    const row: (Omit<UploadRows, 'work'> & { work: UploadRows['work'] | null }) | undefined = await db('video')
      .leftJoin('upload', 'upload.video_id', 'video.id')
      .where({ 'video.id': videoId, author_id: authorId })
      .first({ video: 'video.state', reason: 'video.reason', work: 'upload.state', percent: 'upload.percent' });
    return row && { ...row, work: row.work ?? undefined };
  },

  exists: async (videoId: number): Promise<boolean> =>
    (await db('video').where({ id: videoId }).first('id')) !== undefined,
});

export type Publications = ReturnType<typeof createPublications>;
