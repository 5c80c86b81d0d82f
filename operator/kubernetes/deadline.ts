import type { Clock } from './clock.ts';
import { DeadlineError } from './errors.ts';

interface Deadline {
  /** What is being done, for the error. */
  call: string;
  seconds: number;
  clock: Clock;
  /** The caller's own wish to stop. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs with a signal that is aborted at the deadline or by the caller, and with nothing left behind afterwards:
 * `AbortSignal.any` on a signal that lives as long as the process would collect listeners.
 */
export async function withDeadline<T>(
  { call, seconds, clock, signal }: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const cancel = clock.schedule(seconds * 1000, () => controller.abort(new DeadlineError(call, seconds)));
  const follow = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', follow);
  try {
    return await run(controller.signal);
  } catch (error) {
    // Libraries wrap the reason, or answer with an AbortError of their own.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    cancel();
    signal?.removeEventListener('abort', follow);
  }
}
