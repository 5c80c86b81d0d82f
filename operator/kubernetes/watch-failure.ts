import { ConnectionError, DeadlineError, isExpired, KubernetesError } from './errors.ts';
import { SilentWatchError } from './watch.ts';
import { GarbledWatchError } from './watch-events.ts';

/** What follows from the failure of a list or a watch. */
export interface Judgement {
  /** For metrics and the log. */
  reason: string;
  /** The position is lost, or does not lead anywhere: start with a list. */
  listAgain: boolean;
  /** What the server asked for, on top of the own backoff. */
  atLeastMs: number;
}

/** A server that refuses a position so often, for whatever reason, may accept a new one. */
const refusalsOfAPosition = 3;

/** Pure. `failures` counts those in a row, this one included. */
export function judgeFailure(error: unknown, failures: number): Judgement {
  if (isExpired(error)) return { reason: 'expired', listAgain: true, atLeastMs: 0 };
  if (error instanceof KubernetesError) {
    return {
      reason: String(error.code || error.reason),
      // 429 says nothing about the position, and a list would only add to the load.
      listAgain: error.code !== 429 && failures >= refusalsOfAPosition,
      atLeastMs: (error.retryAfterSeconds ?? 0) * 1000,
    };
  }
  if (error instanceof GarbledWatchError)
    return { reason: 'garbled', listAgain: failures >= refusalsOfAPosition, atLeastMs: 0 };
  return { reason: reasonOf(error), listAgain: false, atLeastMs: 0 };
}

function reasonOf(error: unknown): string {
  if (error instanceof SilentWatchError) return 'silent';
  if (error instanceof ConnectionError) return 'connection';
  if (error instanceof DeadlineError) return 'deadline';
  return 'other';
}
