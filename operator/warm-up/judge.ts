import type { JobState } from '../progress.ts';
import type { CacheAnswer } from './ask.ts';

/** How the cache stands to the warm-up that is wanted. */
export type Warmth = 'warm' | 'running' | 'failed' | 'lost';

/** What follows from the Job of a run, absent when there is none, and from what the cache said after the Job was looked at. */
export function judgeWarmth(run: string, job: JobState | undefined, answer: CacheAnswer): Warmth {
  const isFilled = typeof answer === 'object' && answer.run === run && answer.progress.finishedAtMs !== undefined;
  if (isFilled) return 'warm';
  if (job?.state === 'failed') return 'failed';
  if (job?.state !== 'complete') return 'running';
  return answer === 'unknown' ? 'warm' : 'lost';
}
