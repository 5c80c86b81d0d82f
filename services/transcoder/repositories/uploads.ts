import { type Knex, transact } from '../../shared/mysql/database.ts';
import type { PublishedVideo } from '../../shared/read-models/changes.ts';
import { databaseNow } from './database-now.ts';
import { publishVideo } from './published-at.ts';
import type { Transcoded } from './transcoded.ts';

/** A transcode that this process owns for as long as its lease lasts. */
export interface Job {
  videoId: number;
  authorId: number;
  originalPath: string;
  /** Grows with each owner: what an earlier one still writes is not taken. */
  fence: number;
  /** How often it was begun, this time included. */
  attempts: number;
}

/** How an upload stands; only `claimed` makes its work ours. */
export type Claim =
  | { state: 'claimed'; job: Job }
  | { state: 'leased'; forMs: number }
  | { state: 'done'; published: PublishedVideo }
  | { state: 'failed'; videoId: number; authorId: number }
  | { state: 'unknown' };

interface Row {
  state: 'queued' | 'processing' | 'done' | 'failed';
  attempts: number;
  lease_until: number;
  fence: number;
  author_id: number;
  original_path: string;
  published_at: number | null;
  now_ms: number;
}

interface Options {
  db: Knex;
  /** Who owns the leases, for people who look at the rows. */
  holder: string;
  leaseMs: number;
}

const maxReasonLength = 500;

/** The rows by which transcoders share their work. */
export const createUploads = ({ db, holder, leaseMs }: Options) => {
  const lock = (trx: Knex.Transaction, videoId: number): Promise<Row | undefined> =>
    trx('upload')
      .join('video', 'video.id', 'upload.video_id')
      .where('upload.video_id', videoId)
      .forUpdate()
      .first('upload.state', 'attempts', 'lease_until', 'fence', 'author_id', 'original_path', 'published_at', {
        now_ms: trx.raw(databaseNow),
      });

  const owned = (source: Knex, { videoId, fence }: Job) =>
    source('upload').where({ video_id: videoId, fence, state: 'processing' });

  return {
    /** Takes the work, unless somebody has it or it is over. */
    claim: (videoId: number): Promise<Claim> =>
      transact(db, async (trx): Promise<Claim> => {
        const row = await lock(trx, videoId);
        if (!row) return { state: 'unknown' };
        const { author_id: authorId, now_ms: now, original_path: originalPath } = row;
        if (row.state === 'failed') return { state: 'failed', videoId, authorId };
        if (row.state === 'done') {
          return { state: 'done', published: { videoId, authorId, publishedAt: row.published_at ?? 0 } };
        }
        if (row.lease_until > now) return { state: 'leased', forMs: row.lease_until - now };
        const [fence, attempts] = [row.fence + 1, row.attempts + 1];
        const lease = { holder, fence, attempts, lease_until: now + leaseMs, updated_at: now };
        await trx('upload')
          .where({ video_id: videoId })
          .update({ state: 'processing', ...lease });
        return { state: 'claimed', job: { videoId, authorId, originalPath, fence, attempts } };
      }),

    /** Prolongs the lease; false when it is lost. */
    renew: async (job: Job): Promise<boolean> => {
      const until = db.raw(`${databaseNow} + ?`, [leaseMs]);
      return (await owned(db, job).update({ lease_until: until })) === 1;
    },

    /** Gives the work back for another attempt after a while; one that was not its fault does not count. */
    release: async (job: Job, { againAfterMs, counts }: { againAfterMs: number; counts: boolean }): Promise<void> => {
      await owned(db, job).update({
        state: 'queued',
        holder: '',
        attempts: counts ? job.attempts : job.attempts - 1,
        lease_until: db.raw(`${databaseNow} + ?`, [againAfterMs]),
      });
    },

    /** Makes the video ready, once: undefined when the lease was lost meanwhile. */
    succeed: (job: Job, made: Transcoded): Promise<PublishedVideo | undefined> =>
      transact(db, async (trx) => {
        const changes = { state: 'done', holder: '', lease_until: 0, updated_at: trx.raw(databaseNow) };
        if ((await owned(trx, job).update(changes)) !== 1) return undefined;
        const { videoId, authorId } = job;
        await countWork(trx, authorId);
        return { videoId, authorId, publishedAt: await publishVideo(trx, videoId, made) };
      }),

    /** Ends the work without a video, with a reason for its author; false when the lease was lost meanwhile. */
    fail: (job: Job, reason: string): Promise<boolean> =>
      transact(db, async (trx) => {
        const text = reason.slice(0, maxReasonLength);
        const changes = { state: 'failed', holder: '', lease_until: 0, reason: text, updated_at: trx.raw(databaseNow) };
        if ((await owned(trx, job).update(changes)) !== 1) return false;
        await trx('video').where({ id: job.videoId }).update({ state: 'failed', reason: text });
        return true;
      }),
  };
};

/** In one statement: an insert that is ignored would take a shared lock first, and two of them block each other. */
async function countWork(trx: Knex.Transaction, authorId: number): Promise<void> {
  await trx('user_counter')
    .insert({ user_id: authorId, work_count: 1, revision: 1 })
    .onConflict('user_id')
    .merge({ work_count: trx.raw('work_count + 1'), revision: trx.raw('revision + 1') });
}

export type Uploads = ReturnType<typeof createUploads>;
