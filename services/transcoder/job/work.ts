import { isTemporary } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { PublishedVideo, ReadModelChanges } from '../../shared/read-models/changes.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import type { Job, Uploads } from '../repositories/uploads.ts';
import { keepLease, LeaseLost } from './lease.ts';
import type { Leftovers, RemoveOutputs } from './leftovers.ts';
import { everyFewPercents } from './progress-notes.ts';
import { Refusal } from './refusal.ts';
import type { Transcode } from './transcode.ts';

/**
 * A message is over, is to be looked at again after a while, or has failed: it is to be tried again, which its row allows
 * after a growing pause, and others go before it.
 */
export type Outcome = 'over' | { againAfterMs: number } | { failed: string };

interface Deps {
  uploads: Uploads;
  transcode: Transcode;
  removeOutputs: RemoveOutputs;
  models: ReadModelChanges;
  /** Keeps what is given up, with the end of the tool's log, before its row says so. */
  keepDeadLetter(upload: { videoId: number; authorId: number }, reason: string, log: string): Promise<void>;
  observe(result: string): void;
  logger: Logger;
  leaseMs: number;
}

const maxAttempts = 4;
const backoffMs = (attempts: number): number => Math.min(5_000 * 3 ** (attempts - 1), 120_000);
/** What a dependency that cannot be reached costs in time, and not in attempts. */
const outageMs = 10_000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** No owner has this fence. */
const nobody = 0;

const givenUp = 'The video could not be processed: upload it again later.';

/** Works on the upload of one message, until it is over or somebody has to come back. Safe to repeat at any time. */
export function createWork(deps: Deps) {
  const { uploads, transcode, models, observe, logger, leaseMs } = deps;

  const announceReady = async ({ videoId, authorId, publishedAt }: PublishedVideo): Promise<Outcome> => {
    await Promise.all([models.videos.changed({ videoId, authorId }), models.users.changed(authorId)]);
    await models.feed.add({ videoId, authorId, publishedAt });
    return 'over';
  };

  const announceFailed = async (video: { videoId: number; authorId: number }): Promise<Outcome> => {
    await models.videos.changed(video);
    return 'over';
  };

  const removeOutputs = async (job: Pick<Job, 'videoId' | 'originalPath'>, which: Leftovers) => {
    try {
      await deps.removeOutputs(job, which);
    } catch (error) {
      logger.warn({ error, videoId: job.videoId }, 'outputs that no video uses could not be removed: they take room');
    }
  };

  const fail = async (job: Job, reason: string): Promise<Outcome> => {
    const failed = await uploads.fail(job, reason);
    if (!failed) return { againAfterMs: leaseMs };
    if (failed.state === 'failed') {
      await removeOutputs(job, { butFence: nobody });
      return announceFailed(job);
    }
    const { videoId } = job;
    logger.warn({ videoId, reason }, 'a video keeps the one size that was published: the others could not be made');
    observe('kept');
    await removeOutputs(job, { butFence: failed.publishedFence });
    return 'over';
  };

  const giveUp = async (job: Job, error: unknown): Promise<Outcome> => {
    const { videoId, attempts } = job;
    logger.error({ error, videoId, attempts }, 'a transcode is given up: it is kept as a dead letter');
    observe('given-up');
    const log = error instanceof MediaToolError ? error.log : '';
    await deps.keepDeadLetter(job, messageOf(error), log);
    return fail(job, givenUp);
  };

  const tryAgainLater = async (job: Job, error: unknown): Promise<Outcome> => {
    const counts = !isTemporary(error);
    if (counts && job.attempts >= maxAttempts) return giveUp(job, error);
    const againAfterMs = counts ? backoffMs(job.attempts) : outageMs;
    const { videoId, attempts } = job;
    logger.warn({ error, videoId, attempts, againAfterMs }, 'a transcode failed: it is tried again');
    observe('retried');
    await uploads.release(job, { againAfterMs, counts });
    return counts ? { failed: messageOf(error) } : { againAfterMs };
  };

  const recover = async (job: Job, error: unknown, isShown: boolean): Promise<Outcome> => {
    if (error instanceof LeaseLost) {
      logger.warn({ videoId: job.videoId }, 'the lease on a transcode was lost: its outputs are thrown away');
      observe('lost');
      // What is shown is removed by the next owner, who shows something else.
      if (!isShown) await removeOutputs(job, { ofFence: job.fence });
      return { againAfterMs: leaseMs };
    }
    if (!(error instanceof Refusal)) return tryAgainLater(job, error);
    logger.info({ videoId: job.videoId, code: error.code, cause: error.cause }, 'an upload is refused');
    observe(error.code);
    return fail(job, error.message);
  };

  const run = async (job: Job): Promise<Outcome> => {
    if (job.attempts > maxAttempts) return giveUp(job, new Error('its transcoder died again and again'));
    const lease = keepLease({ renew: () => uploads.renew(job), leaseMs });
    const { videoId, attempts } = job;
    const startedMs = performance.now();
    let isShown = false;
    const onProgress = everyFewPercents((percent) => {
      uploads.note(job, percent).catch((error: unknown) => logger.debug({ error, videoId }, 'progress is not noted'));
    });

    /** Rejects when the video is somebody else's by now. */
    const announced = async (published: PublishedVideo | undefined, what: string): Promise<void> => {
      if (!published) throw new LeaseLost();
      isShown = true;
      logger.info({ videoId, attempts, ms: Math.round(performance.now() - startedMs) }, what);
      await announceReady(published);
    };
    try {
      const made = await transcode(job, {
        signal: lease.signal,
        onProgress,
        onPlayable: async (playable) => announced(await uploads.publish(job, playable), 'a video can be watched'),
      });
      await announced(await uploads.succeed(job, made), 'a video is ready in all its sizes');
      observe('ready');
      await removeOutputs(job, { butFence: job.fence });
      return 'over';
    } catch (error) {
      return await recover(job, error, isShown);
    } finally {
      lease.stop();
    }
  };

  return async (videoId: number): Promise<Outcome> => {
    const claim = await uploads.claim(videoId);
    if (claim.state === 'claimed') return run(claim.job);
    if (claim.state === 'leased') return { againAfterMs: claim.forMs };
    if (claim.state === 'done' || claim.state === 'failed') {
      // Who ended the work may have died before it had done this.
      await removeOutputs(claim.ended, { butFence: claim.ended.publishedFence });
      return claim.state === 'done' ? announceReady(claim.published) : announceFailed(claim);
    }
    logger.error({ videoId }, 'there is no row for an upload: its message is passed over');
    return 'over';
  };
}

export type Work = ReturnType<typeof createWork>;
