import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Logger } from '../logger.ts';
import { type LeaseOptions, releaseLease, renewLease, takeLease } from './lease.ts';
import { createSequence, type Grant } from './sequence.ts';

export interface IdGenerator {
  /** A new 53-bit id: unique in the platform, roughly ascending with time. */
  next(): Promise<number>;
  /** Gives the worker number back. */
  close(): Promise<void>;
}

interface GeneratorOptions {
  db: Knex;
  logger: Logger;
  leaseMs?: number;
  /** A clock that only goes forward, also while the process is stopped. */
  clock?: () => number;
}

/**
 * Hands out ids under a worker number that is leased in the database. An idle generator keeps no timer: its lease runs
 * out and is renewed, or replaced by another one, at the next call.
 */
export function createIdGenerator(options: GeneratorOptions): IdGenerator {
  const { db, logger, leaseMs = 60_000, clock = () => performance.now() } = options;
  const holder = `${hostname().slice(0, 64)}:${process.pid}:${randomUUID()}`;
  const leasing: LeaseOptions = { db, holder, leaseMs, clock };
  const sequence = createSequence(clock);
  let lease: Grant | undefined;
  let refreshing: Promise<void> | undefined;

  const refresh = (): Promise<void> => {
    refreshing ??= (async () => {
      lease = (lease && (await renewLease(leasing, lease))) ?? (await takeLease(leasing));
      sequence.grant(lease);
    })().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  const refreshEarly = () => {
    if (!lease || refreshing || clock() < lease.clockMs + leaseMs / 3) return;
    refresh().catch((error: unknown) => logger.warn({ error }, 'the lease of ids could not be renewed yet'));
  };

  return {
    next: async () => {
      for (;;) {
        const outcome = sequence.take();
        if (outcome === 'expired') await refresh();
        else if ('waitMs' in outcome) await pause(outcome.waitMs);
        else {
          refreshEarly();
          return outcome.id;
        }
      }
    },
    close: async () => {
      await refreshing?.catch(() => undefined);
      if (!lease) return;
      const { worker } = lease;
      lease = undefined;
      await releaseLease(leasing, worker, sequence.lastTick());
    },
  };
}
