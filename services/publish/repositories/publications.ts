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

type FoundUpload = Omit<UploadRows, 'work' | 'isSent'> & { work: UploadRows['work'] | null; unsent: number | null };

/** Rows of videos that were uploaded. */
export const createPublications = ({ db, ids }: { db: Knex; ids: Pick<IdGenerator, 'next'> }) => ({
  /** The video, its wait for a transcode, and the event that starts it: all of them or none. */
  add: async ({ videoId, authorId, title, originalPath }: Publication): Promise<void> => {
    const eventId = await ids.next();
    const now = Date.now();
    const event: UploadEvent = { videoId, authorId };
    await transact(db, async (trx) => {
      await enqueue(trx, { id: eventId, topic: 'uploads', key: String(videoId), payload: event });
      const times = { created_at: now, updated_at: now };
      await trx('upload').insert({ video_id: videoId, state: 'queued', event_id: eventId, ...times });
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
    const row: FoundUpload | undefined = await db('video')
      .leftJoin('upload', 'upload.video_id', 'video.id')
      .leftJoin('outbox', (on) => void on.on('outbox.id', 'upload.event_id').andOnNull('outbox.sent_at'))
      .where({ 'video.id': videoId, author_id: authorId })
      .first({
        ...{ video: 'video.state', reason: 'video.reason', work: 'upload.state', percent: 'upload.percent' },
        unsent: 'outbox.id',
      });
    if (!row) return undefined;
    const { unsent, work, ...rest } = row;
    return { ...rest, work: work ?? undefined, isSent: unsent === null };
  },

  exists: async (videoId: number): Promise<boolean> =>
    (await db('video').where({ id: videoId }).first('id')) !== undefined,
});

export type Publications = ReturnType<typeof createPublications>;
