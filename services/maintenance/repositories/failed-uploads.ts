import { type Knex, transact } from '../../shared/mysql/database.ts';

/** Uploads whose transcode was given up. */
export const createFailedUploads = ({ db }: { db: Knex }) => ({
  /** Lets a transcoder begin the upload afresh; a sentence when there is nothing to begin. */
  queueAgain: (videoId: number): Promise<string | undefined> =>
    transact(db, async (trx) => {
      const upload: { state: string } | undefined = await trx('upload')
        .where({ video_id: videoId })
        .forUpdate()
        .first('state');
      if (!upload) return 'there is no such upload any more';
      if (upload.state === 'done') return 'its video is ready';
      if (upload.state !== 'failed') return undefined;
      const afresh = { state: 'queued', attempts: 0, lease_until: 0, reason: '', updated_at: Date.now() };
      await trx('upload').where({ video_id: videoId }).update(afresh);
      await trx('video').where({ id: videoId }).update({ state: 'processing', reason: '' });
      return undefined;
    }),
});
