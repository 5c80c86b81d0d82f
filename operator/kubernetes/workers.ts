import { type Clock, systemClock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { DeadlineError, TerminalError } from './errors.ts';
import type { Log } from './log.ts';
import type { ControllerMetrics } from './metrics.ts';
import type { WorkQueue } from './work-queue.ts';

/** What a pass over one key wants: nothing, or to be called again although nothing may change meanwhile. */
export interface PassResult {
  requeueAfterSeconds?: number | undefined;
}

/**
 * Brings the world nearer to what the key's object asks for. Throwing means: again, after a delay that grows;
 * throwing a TerminalError: not again until the object changes. The signal ends a pass that must stop now.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<PassResult | undefined>;

interface WorkersOptions {
  /** Label of the metrics and of the log. */
  name: string;
  concurrency?: number;
  /** A pass that takes longer is ended and counts as failed. */
  passTimeoutSeconds?: number;
  log: Log;
  clock?: Clock;
  metrics?: ControllerMetrics | undefined;
}

export interface Workers {
  /** Takes no more keys, waits for the passes under way, and after the grace period aborts them. */
  stop: (how?: { graceSeconds?: number; reason?: string }) => Promise<void>;
}

/** Works on the keys of a queue, several at a time but each key by one worker, until it is stopped. */
export function runWorkers(queue: WorkQueue, reconcile: Reconcile, options: WorkersOptions): Workers {
  const { name: controller, concurrency = 10, log, clock = systemClock, metrics } = options;
  const stopping = new AbortController();
  metrics?.maxConcurrent.set({ controller }, concurrency);
  metrics?.activeWorkers.set({ controller }, 0);

  const pass = createPass(queue, reconcile, { ...options, clock, signal: stopping.signal });
  const work = async () => {
    for (let key = await queue.next(); key !== undefined; key = await queue.next()) {
      metrics?.activeWorkers.inc({ controller });
      const after = await pass(key);
      metrics?.activeWorkers.dec({ controller });
      queue.done(key);
      after();
    }
  };
  const workers = Array.from({ length: concurrency }, work);

  return {
    stop: async ({ graceSeconds = 30, reason = 'the process stops' } = {}) => {
      queue.shutDown();
      const cancel = clock.schedule(graceSeconds * 1000, () => {
        log.warn({ controller, graceSeconds }, 'passes are still under way after the grace period and are aborted');
        stopping.abort(new Error(`aborted: ${reason}`));
      });
      await Promise.all(workers);
      cancel();
    },
  };
}

interface PassOptions extends WorkersOptions {
  clock: Clock;
  signal: AbortSignal;
}

const defaultPassTimeoutSeconds = 300;

/** One pass, never throwing. Answers what is to be done with the key once the queue has taken it back. */
function createPass(queue: WorkQueue, reconcile: Reconcile, options: PassOptions) {
  const {
    name: controller,
    log,
    clock,
    metrics,
    signal,
    passTimeoutSeconds: seconds = defaultPassTimeoutSeconds,
  } = options;

  const failed = (key: string, error: unknown) => {
    metrics?.errors.inc({ controller });
    if (error instanceof DeadlineError) metrics?.timeouts.inc({ controller });
    if (isProgrammingError(error)) metrics?.panics.inc({ controller });
    if (error instanceof TerminalError) {
      metrics?.terminalErrors.inc({ controller });
      queue.forget(key);
      log.warn({ controller, key, error }, 'the pass failed; it is not repeated until the object changes');
      return () => {};
    }
    return () => {
      const retryAfterSeconds = queue.addRateLimited(key);
      log.warn(
        { controller, key, error, retryAfterSeconds, failures: queue.failures(key) },
        'the pass failed and is repeated',
      );
    };
  };

  const succeeded = (key: string, { requeueAfterSeconds }: PassResult) => {
    queue.forget(key);
    return () => {
      if (requeueAfterSeconds !== undefined) queue.addAfter(key, requeueAfterSeconds);
    };
  };

  return async (key: string): Promise<() => void> => {
    const startedMs = clock.monotonicMs();
    let result = 'error';
    try {
      const deadline = { call: `the pass over ${key}`, seconds, clock, signal };
      const outcome = (await withDeadline(deadline, (passSignal) => reconcile(key, passSignal))) ?? {};
      result = outcome.requeueAfterSeconds === undefined ? 'success' : 'requeue_after';
      return succeeded(key, outcome);
    } catch (error) {
      return failed(key, error);
    } finally {
      metrics?.seconds.observe({ controller }, (clock.monotonicMs() - startedMs) / 1000);
      metrics?.reconciles.inc({ controller, result });
    }
  };
}

/** What only a bug throws; controller-runtime counts these as panics. */
const isProgrammingError = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
