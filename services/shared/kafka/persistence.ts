import { setTimeout as pause } from 'node:timers/promises';
import { isTemporary } from '../errors.ts';

/** What a piece of work in a batch can ask of the consumer that runs it. */
export interface Liveness {
  heartbeat(): Promise<void>;
  /** False once the process stops or the partition has another owner. */
  goesOn(): boolean;
}

interface Persistence {
  alive: Liveness;
  /** Failures that waiting does not cure; a dependency that cannot be reached is waited for without end. */
  maxFailures: number;
  onFailure(error: unknown, attempt: number): void;
}

const shortBackoffMs = 30;
const maxBackoffMs = 5_000;

/** Runs an effect again and again until it succeeds: true; or until it has failed too often by itself: its error. */
export async function persist(
  effect: () => Promise<void>,
  persistence: Persistence,
): Promise<true | { error: unknown }> {
  let failures = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await outcomeOf(effect);
    if (outcome === true) return true;
    const temporary = isTemporary(outcome.error);
    if (!temporary) failures += 1;
    if (failures >= persistence.maxFailures) return outcome;
    persistence.onFailure(outcome.error, attempt);
    await backOff(temporary ? 100 * 2 ** attempt : shortBackoffMs * 2 ** failures, persistence.alive);
  }
}

const outcomeOf = (effect: () => Promise<void>): Promise<true | { error: unknown }> =>
  effect().then(
    () => true as const,
    (error: unknown) => ({ error }),
  );

/** Waits before another attempt; throws when the partition is no longer ours, which leaves the messages to their new owner. */
async function backOff(backoffMs: number, { heartbeat, goesOn }: Liveness): Promise<void> {
  await pause(Math.min(backoffMs, maxBackoffMs) * (0.5 + Math.random() / 2));
  if (!goesOn()) throw new Error('the consumer stops before its messages could be handled');
  await heartbeat();
}
