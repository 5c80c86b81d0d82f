import type { IdGenerator } from '../../shared/ids/generator.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import { enqueue } from '../../shared/outbox/enqueue.ts';
import type { PublishedVideo } from '../../shared/read-models/changes.ts';
import type { UserEvent } from '../../shared/topics.ts';
import { databaseNow } from './database-now.ts';
import { publishVideo, showOutputs } from './published-at.ts';
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
  | { state: 'done'; published: PublishedVideo; ended: EndedWork }
  | { state: 'failed'; videoId: number; authorId: number; ended: EndedWork }
  | { state: 'unknown' };

interface Row {
  state: 'queued' | 'processing' | 'done' | 'failed';
  attempts: number;
  lease_until: number;
  fence: number;
  author_id: number;
  original_path: string;
  published_at: number | null;
  published_fence: number;
  now_ms: number;
}

/** Work that is over, and whose outputs its video shows: 0 for a video that failed. */
export interface EndedWork {
  videoId: number;
  originalPath: string;
  publishedFence: number;
}

/** How work ended that came to nothing: without a video, or with one that was published before, by the owner of a fence. */
export type Failed = { state: 'failed' } | { state: 'kept'; publishedFence: number };

interface Options {
  db: Knex;
  /** Names the events that users hear of. */
  ids: Pick<IdGenerator, 'next'>;
  /** Who owns the leases, for people who look at the rows. */
  holder: string;
  leaseMs: number;
}

const maxReasonLength = 500;

/**
 * Work that had several owners is looked at once more when it has been over for so long: one of the others may have been
 * alive, and have stored outputs after they were removed. The lease of a row that is over says when.
 */
const lookAgainAfterMs = 600_000;
const lookedAtTogether = 100;

/** The rows by which transcoders share their work. */
export const createUploads = ({ db, ids, holder, leaseMs }: Options) => {
  const lock = (trx: Knex.Transaction, videoId: number): Promise<Row | undefined> =>
    trx('upload')
      .join('video', 'video.id', 'upload.video_id')
      .where('upload.video_id', videoId)
      .forUpdate()
      .first(
        ...['upload.state', 'attempts', 'lease_until', 'fence', 'published_fence'],
        ...['author_id', 'original_path', 'published_at'],
        { now_ms: trx.raw(databaseNow) },
      );

  const owned = (source: Knex, { videoId, fence }: Job) =>
    source('upload').where({ video_id: videoId, fence, state: 'processing' });

  /** The row of a job that is still ours, or undefined. */
  const lockOwned = async (trx: Knex.Transaction, { videoId, fence }: Job): Promise<Row | undefined> => {
    const row = await lock(trx, videoId);
    return row?.state === 'processing' && row.fence === fence ? row : undefined;
  };

  const over = ({ fence }: Job) => ({
    holder: '',
    lease_until: fence > 1 ? db.raw(`${databaseNow} + ?`, [lookAgainAfterMs]) : 0,
  });

  const tellUser = async (trx: Knex.Transaction, id: number, event: UserEvent): Promise<void> =>
    enqueue(trx, { id, topic: 'events', key: String(event.userId), payload: event });

  /** Shows what was made; the first time, the video becomes ready, is counted, and its author hears of it. */
  const show = async (trx: Knex.Transaction, { job, made, row, eventId }: Showing): Promise<PublishedVideo> => {
    const { videoId, authorId } = job;
    if (row.published_at !== null) {
      await showOutputs(trx, videoId, made);
      return { videoId, authorId, publishedAt: row.published_at };
    }
    await countWork(trx, authorId);
    const publishedAt = await publishVideo(trx, videoId, made);
    await tellUser(trx, eventId, { type: 'upload.ready', userId: authorId, videoId });
    return { videoId, authorId, publishedAt };
  };

  const showOnce = async (job: Job, made: Transcoded, upload: object): Promise<PublishedVideo | undefined> => {
    const eventId = await ids.next();
    return transact(db, async (trx) => {
      const row = await lockOwned(trx, job);
      if (!row) return undefined;
      const changes = { ...upload, published_fence: job.fence, updated_at: row.now_ms };
      await trx('upload').where({ video_id: job.videoId }).update(changes);
      return show(trx, { job, made, row, eventId });
    });
  };

  return {
    /** Takes the work, unless somebody has it or it is over. */
    claim: (videoId: number): Promise<Claim> =>
      transact(db, async (trx): Promise<Claim> => {
        const row = await lock(trx, videoId);
        if (!row) return { state: 'unknown' };
        const { author_id: authorId, now_ms: now, original_path: originalPath } = row;
        const ended = { videoId, originalPath, publishedFence: row.published_fence };
        if (row.state === 'failed') return { state: 'failed', videoId, authorId, ended };
        if (row.state === 'done') {
          return { state: 'done', published: { videoId, authorId, publishedAt: row.published_at ?? 0 }, ended };
        }
        if (row.lease_until > now) return { state: 'leased', forMs: row.lease_until - now };
        const [fence, attempts] = [row.fence + 1, row.attempts + 1];
        const lease = { holder, fence, attempts, lease_until: now + leaseMs, updated_at: now };
        await trx('upload')
          .where({ video_id: videoId })
          .update({ state: 'processing', percent: 0, ...lease });
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

    /** Notes how far the work is, for its author to see. */
    note: async (job: Job, percent: number): Promise<void> => {
      await owned(db, job).update({ percent });
    },

    /** Lets people watch what there is, while the work goes on: undefined when the lease was lost meanwhile. */
    publish: (job: Job, made: Transcoded): Promise<PublishedVideo | undefined> => showOnce(job, made, {}),

    /** Ends the work with everything that was to be made: undefined when the lease was lost meanwhile. */
    succeed: (job: Job, made: Transcoded): Promise<PublishedVideo | undefined> =>
      showOnce(job, made, { state: 'done', percent: 100, ...over(job) }),

    /**
     * Ends the work with a reason for the author, who hears of it; a video that was published already stays. Undefined when
     * the lease was lost meanwhile.
     */
    fail: async (job: Job, reason: string): Promise<Failed | undefined> => {
      const eventId = await ids.next();
      const { videoId, authorId } = job;
      const text = reason.slice(0, maxReasonLength);
      return transact(db, async (trx): Promise<Failed | undefined> => {
        const row = await lockOwned(trx, job);
        if (!row) return undefined;
        const isPublished = row.published_at !== null;
        const ended = { ...over(job), reason: text, updated_at: row.now_ms };
        await trx('upload')
          .where({ video_id: videoId })
          .update({ state: isPublished ? 'done' : 'failed', ...ended });
        if (isPublished) return { state: 'kept', publishedFence: row.published_fence };
        await trx('video').where({ id: videoId }).update({ state: 'failed', reason: text });
        await tellUser(trx, eventId, { type: 'upload.failed', userId: authorId, videoId, reason: text });
        return { state: 'failed' };
      });
    },

    /** Some of the work that is to be looked at once more. */
    endedInDoubt: (): Promise<EndedWork[]> =>
      db('upload')
        .join('video', 'video.id', 'upload.video_id')
        .whereIn('upload.state', ['done', 'failed'])
        .where('lease_until', '>', 0)
        .where('lease_until', '<', db.raw(databaseNow))
        .limit(lookedAtTogether)
        .select({ videoId: 'video_id', originalPath: 'original_path', publishedFence: 'published_fence' }),

    /** It is certain now: nobody looks at the work any more. */
    settle: async ({ videoId }: Pick<EndedWork, 'videoId'>): Promise<void> => {
      await db('upload').where({ video_id: videoId }).update({ lease_until: 0 });
    },
  };
};

interface Showing {
  job: Job;
  made: Transcoded;
  row: Row;
  eventId: number;
}

/** In one statement: an insert that is ignored would take a shared lock first, and two of them block each other. */
async function countWork(trx: Knex.Transaction, authorId: number): Promise<void> {
  await trx('user_counter')
    .insert({ user_id: authorId, work_count: 1, revision: 1 })
    .onConflict('user_id')
    .merge({ work_count: trx.raw('work_count + 1'), revision: trx.raw('revision + 1') });
}

export type Uploads = ReturnType<typeof createUploads>;
