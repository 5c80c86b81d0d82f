import { randomUUID } from 'node:crypto';
import { ApiError } from '../errors.ts';
import type { Redis } from '../redis/connect.ts';
import type { Announce } from './announce.ts';
import type { CacheFailure } from './lookup/read-cached.ts';
import { timeToLiveMs } from './lookup/time-to-live.ts';

/** Where a change is shown: in one slot of a Redis Cluster. */
export interface ShownPlace {
  /** set: tokens of changes of which not all is told yet */
  changes: string;
  /** Keys of what shows the change. */
  cached: readonly string[];
}

interface Change<State> {
  shownBy: readonly ShownPlace[];
  /** What must hold before; it travels with the first commands to Redis. */
  check: Promise<unknown>;
  /** The transaction; an ApiError says that it wrote nothing. */
  write: () => Promise<State>;
  /** Moves what is cached to what the transaction left, and takes the token away from each place. */
  tell: (state: State, token: string) => Promise<unknown>;
}

/**
 * Runs a transaction, and moves what is cached to what it left. Before it begins, what is cached is told that it comes,
 * and ends within seconds unless the rest is told: so a process that dies in between leaves nothing wrong. Rejects, with
 * nothing written, when Redis is away by then.
 */
export type RunChange = <State>(change: Change<State>) => Promise<State>;

/** Tokens of processes that died are forgotten after this time without a change: longer than a transaction may wait. */
const changesLiveMs = 60_000;

interface RunChangeOptions {
  redis: Redis;
  announce: Announce;
  onCacheFailure: CacheFailure;
}

/** The way of a change into the cache: nobody waits for Redis while rows are locked. */
export function createRunChange({ redis, announce, onCacheFailure }: RunChangeOptions): RunChange {
  // The commands of one tick travel in order on one connection: first that a change is under way, then what it means.
  const doubt = ({ changes, cached }: ShownPlace, token: string) =>
    Promise.all([
      redis.sadd(changes, token),
      redis.pexpire(changes, changesLiveMs),
      ...cached.map((key) => redis.pexpire(key, timeToLiveMs.doubt, 'LT')),
    ]);

  /** Nothing was written, so there is nothing to tell; where this fails, the token ends by itself. */
  const forget = ({ changes }: ShownPlace, token: string) => redis.srem(changes, token).catch(onCacheFailure);

  return async ({ shownBy, check, write, tell }) => {
    const token = randomUUID();
    try {
      await Promise.all([check, ...shownBy.map((place) => doubt(place, token))]);
      const state = await write();
      await announce({ changes: shownBy.map(({ changes }) => changes) }, () => tell(state, token));
      return state;
    } catch (error) {
      if (error instanceof ApiError) await Promise.all(shownBy.map((place) => forget(place, token)));
      throw error;
    }
  };
}
