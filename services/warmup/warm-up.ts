import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../shared/logger.ts';
import type { WarmUpNotes, WarmUpProgress } from '../shared/warm-up/progress.ts';
import type { createStages } from './stages.ts';

interface WarmUpOptions {
  /** A run of the same name that was cut off is gone on with; one that is complete is not repeated. */
  run: string;
  notes: WarmUpNotes;
  stages: ReturnType<typeof createStages>;
  logger: Logger;
  /** Rests this many times as long as it has worked, so that those who are served come first. */
  restRatio?: number;
  now?: () => number;
}

const logEveryMs = 5_000;

/** Fills the cache batch by batch. Throws when the cache is lost on the way: whoever starts it again begins anew. */
export async function warmUp({ run, notes, stages, logger, ...options }: WarmUpOptions): Promise<WarmUpProgress> {
  const { restRatio = 0.5, now = Date.now } = options;
  let progress = await notes.begin(run, { stage: 'feed', videos: 0, users: 0, startedAtMs: now() });
  if (progress.videos + progress.users > 0) logger.info(told(progress), 'a warm-up that was begun before goes on');
  let loggedMs = performance.now();
  while (progress.finishedAtMs === undefined) {
    const beganMs = performance.now();
    progress = await stages[progress.stage](progress);
    if (progress.stage === 'finished') progress = { ...progress, finishedAtMs: now() };
    if (!(await notes.advance(run, progress)))
      throw new Error('the cache was lost or taken over by another warm-up meanwhile: this one has to begin anew');
    const endMs = performance.now();
    if (endMs - loggedMs > logEveryMs) {
      logger.info(told(progress), 'warming up');
      loggedMs = endMs;
    }
    await pause((endMs - beganMs) * restRatio);
  }
  const seconds = Math.round((progress.finishedAtMs - progress.startedAtMs) / 1000);
  logger.info({ ...told(progress), seconds }, 'the cache is warm');
  return progress;
}

const told = ({ stage, videos, users }: WarmUpProgress) => ({ stage, videos, users });
