import type { Client } from './client-types.ts';
import { type Clock, sleep, systemClock } from './clock.ts';
import { createLeaseAccess } from './lease-access.ts';
import type { Log } from './log.ts';
import type { LeaderMetrics } from './metrics.ts';

export interface LeaderElectionOptions {
  client: Pick<Client, 'find' | 'create' | 'patchMerge'>;
  namespace: string;
  /** Name of the Lease. */
  name: string;
  /** Tells this process from all others, restarts of the same pod included. */
  identity: string;
  /** This process leads from now on. */
  onStarted: () => void;
  /** It leads no more. After `lost` another one may lead already: end the process, as nobody knows what is under way. */
  onStopped: (why: 'released' | 'lost') => void;
  log: Log;
  clock?: Clock;
  random?: () => number;
  metrics?: LeaderMetrics | undefined;
  timing?: Partial<LeaderTiming>;
}

/** As controller-runtime's. A leader stops `leaseSeconds - renewSeconds` before anybody else may lead. */
export interface LeaderTiming {
  leaseSeconds: number;
  renewSeconds: number;
  retrySeconds: number;
}

export interface LeaderElection {
  start: () => void;
  /** True only while the lease is surely ours: false at once after a stall that outlasted the renewal. */
  isLeader: () => boolean;
  /** Throws unless this process leads: the guard of a client's writes. */
  assertLeader: () => void;
  /** Lets go of the lease, so that another process can lead at once. */
  stop: () => Promise<void>;
}

/** A write was refused here, because another process may lead. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
}

const defaultTiming: LeaderTiming = { leaseSeconds: 15, renewSeconds: 10, retrySeconds: 2 };

/** Retries are spread by this share, so that candidates do not collide each time. */
const retryJitter = 0.2;

/** Elects one of several processes by a Lease. */
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { name, identity, onStarted, onStopped, log, clock = systemClock, random = Math.random, metrics } = options;
  const { leaseSeconds, renewSeconds, retrySeconds }: LeaderTiming = { ...defaultTiming, ...options.timing };
  const stopping = new AbortController();
  const { signal } = stopping;
  const lease = createLeaseAccess({ ...options, clock, durationSeconds: leaseSeconds });
  let running: Promise<void> = Promise.resolve();
  /** Until when the lease is surely ours, on our clock. */
  let leadsUntilMs = Number.NEGATIVE_INFINITY;

  const isLeader = () => clock.monotonicMs() < leadsUntilMs;

  /** A renewal counts from before it was sent: the server may have stored it at any time since. */
  const attempt = async (deadlineMs: number): Promise<boolean> => {
    const sentMs = clock.monotonicMs();
    try {
      const held = await lease.hold({ signal, deadlineSeconds: deadlineMs / 1000, retry: false });
      if (held) leadsUntilMs = sentMs + renewSeconds * 1000;
      return held;
    } catch (error) {
      if (!signal.aborted) log.warn({ lease: name, error }, 'cannot reach the lease: trying again');
      return false;
    }
  };

  /** A call that hangs must leave time for another one. */
  const longestCallMs = (renewSeconds * 1000) / 2;
  const pauseMs = () => retrySeconds * 1000 * (1 - retryJitter + 2 * retryJitter * random());

  const acquire = async () => {
    while (!signal.aborted && !(await attempt(longestCallMs))) {
      const untilFreeMs = lease.freeAtMs() - clock.monotonicMs();
      await sleep(clock, untilFreeMs > 0 ? Math.min(untilFreeMs, pauseMs()) : pauseMs(), signal);
    }
  };

  const keep = async () => {
    while (!signal.aborted && isLeader()) {
      await sleep(clock, Math.min(pauseMs(), leadsUntilMs - clock.monotonicMs()), signal);
      const leftMs = leadsUntilMs - clock.monotonicMs();
      if (!signal.aborted && leftMs > 0) await attempt(Math.min(longestCallMs, leftMs));
    }
  };

  const release = async () => {
    try {
      await lease.release({ deadlineSeconds: renewSeconds / 2 });
    } catch (error) {
      log.warn({ lease: name, error }, 'the lease was not released: the next leader has to wait for its end');
    }
  };

  const stopLeading = async () => {
    const isOurs = isLeader();
    leadsUntilMs = Number.NEGATIVE_INFINITY;
    metrics?.master.set({ name }, 0);
    if (isOurs) await release();
    if (signal.aborted) log.info({ lease: name, identity }, 'stopped leading');
    else log.error({ lease: name, identity }, 'the lease was lost: it could not be renewed in time');
    onStopped(signal.aborted ? 'released' : 'lost');
  };

  const run = async () => {
    metrics?.master.set({ name }, 0);
    await acquire();
    if (signal.aborted && !isLeader()) return;
    metrics?.master.set({ name }, 1);
    log.info({ lease: name, identity }, 'leading');
    onStarted();
    await keep();
    await stopLeading();
  };

  return {
    start: () => {
      running = run();
    },
    isLeader,
    assertLeader: () => {
      if (!isLeader()) throw new NotLeaderError('this process does not lead (any more): the write was not sent');
    },
    stop: async () => {
      stopping.abort(new Error('the election stops'));
      await running;
    },
  };
}
