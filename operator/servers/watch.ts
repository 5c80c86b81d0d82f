import { type Backoff, backoffMs } from '../kubernetes/backoff.ts';
import { type Clock, sleep } from '../kubernetes/clock.ts';
import type { Failure } from './failure.ts';
import { failureOf } from './failure.ts';
import type { Address, ServerTarget } from './target.ts';

/** What is known of a server. */
export type Health = { state: 'unknown' } | { state: 'well' } | { state: 'ill'; failure: Failure };

export interface KnownServer {
  target: ServerTarget;
  health: Health;
}

/** Keeps looking at servers, however many platforms use them and however often those are passed over. */
export interface ServerWatch {
  /**
   * What is known of them now, after a moment's patience with those that nobody has looked at yet. From now on they are looked
   * at, and those that the owner named before no more.
   */
  look: (owner: string, targets: readonly ServerTarget[]) => Promise<KnownServer[]>;
  forget: (owner: string) => void;
  /** Calls back each owner of a server about which something else is known. */
  onChanged: (listener: (owner: string) => void) => void;
  /** Resolves when nothing is under way any more. */
  stop: () => Promise<void>;
}

interface ServerWatchOptions {
  /** Whether somebody takes connections there. */
  reach: (addresses: readonly Address[]) => Promise<void>;
  /** Whether what has to be done there can be done. */
  check: (target: ServerTarget) => Promise<void>;
  clock: Clock;
  random?: () => number;
}

interface Watched {
  target: ServerTarget;
  owners: Set<string>;
  health: Health;
  /** Failed looks in a row, and failed checks since it could last not be reached. */
  failures: { reach: number; check: number };
  /** When it was last checked and found well. */
  checkedMs: number;
  cancel: () => void;
  underWay?: Promise<void> | undefined;
}

/** One that was well is reached for so often, and logged in to so often. */
const lookEveryMs = 4_000;
const checkEveryMs = 60_000;
/** One that comes back is to be seen within ten seconds. */
const reachBackoff: Backoff = { firstMs: 1_000, longestMs: 6_000, factor: 2, jitter: 0.2 };
/** Whom a server refuses does not knock every other second: accounts get locked for less. */
const checkBackoff: Backoff = { firstMs: 4_000, longestMs: 60_000, factor: 2, jitter: 0.2 };

/**
 * MySQL counts connections that are broken off before a login, and shuts a host out that has made a hundred of them in a row
 * (max_connect_errors): it is logged in to each time.
 */
const isAskedByLogin = ({ kind }: ServerTarget): boolean => kind === 'database';

/** Nobody answers there: when somebody does is to be seen soon. */
const isAway = ({ reason }: Failure): boolean => ['AddressUnknown', 'ConnectionRefused', 'NoAnswer'].includes(reason);

/** How long a pass waits for a first look: servers that do not answer must not keep other platforms waiting. */
const patienceMs = 400;

export function createServerWatch({ reach, check, clock, random = Math.random }: ServerWatchOptions): ServerWatch {
  const watchedByKey = new Map<string, Watched>();
  const listeners: ((owner: string) => void)[] = [];

  /** Reaches it, and checks it where that was not done for a while; answers with the time until the next look. */
  const visit = async (watched: Watched): Promise<number> => {
    const { target } = watched;
    try {
      if (!isAskedByLogin(target)) await reach(target.addresses);
      if (isCheckDue(watched)) {
        await check(target);
        watched.checkedMs = clock.monotonicMs();
      }
    } catch (error) {
      return noteFailure(watched, failureOf(error));
    }
    watched.failures = { reach: 0, check: 0 };
    note(watched, { state: 'well' });
    return lookEveryMs;
  };

  const isCheckDue = ({ target, health, checkedMs }: Watched): boolean =>
    isAskedByLogin(target) || health.state !== 'well' || clock.monotonicMs() - checkedMs >= checkEveryMs;

  const noteFailure = (watched: Watched, failure: Failure): number => {
    const { failures } = watched;
    note(watched, { state: 'ill', failure });
    if (isAway(failure)) {
      watched.failures = { reach: failures.reach + 1, check: 0 };
      return backoffMs(reachBackoff, watched.failures.reach, random());
    }
    watched.failures = { reach: 0, check: failures.check + 1 };
    return backoffMs(checkBackoff, watched.failures.check, random());
  };

  const note = (watched: Watched, health: Health): void => {
    const isNews = JSON.stringify(watched.health) !== JSON.stringify(health);
    watched.health = health;
    if (isNews) for (const owner of watched.owners) for (const listener of listeners) listener(owner);
  };

  const start = (key: string, watched: Watched): void => {
    watched.underWay = visit(watched).then((nextMs) => {
      watched.underWay = undefined;
      if (watchedByKey.get(key) === watched) watched.cancel = clock.schedule(nextMs, () => start(key, watched));
    });
  };

  const watch = (key: string, target: ServerTarget): Watched => {
    const known = watchedByKey.get(key);
    if (known) return known;
    const watched: Watched = {
      ...{ target, owners: new Set<string>(), health: { state: 'unknown' }, failures: { reach: 0, check: 0 } },
      ...{ checkedMs: 0, cancel: () => undefined },
    };
    watchedByKey.set(key, watched);
    start(key, watched);
    return watched;
  };

  const patiently = async (ending: Promise<unknown>): Promise<void> => {
    const patience = new AbortController();
    await Promise.race([ending, sleep(clock, patienceMs, patience.signal)]);
    patience.abort();
  };

  const leave = (owner: string, kept: ReadonlySet<string>): void => {
    for (const [key, watched] of watchedByKey) {
      if (kept.has(key) || !watched.owners.delete(owner) || watched.owners.size > 0) continue;
      watched.cancel();
      watchedByKey.delete(key);
    }
  };

  return {
    look: async (owner, targets) => {
      const keys = targets.map((target) => JSON.stringify(target));
      leave(owner, new Set(keys));
      const looked = targets.map((target, index) => watch(keys[index] ?? '', target));
      for (const { owners } of looked) owners.add(owner);
      const first = looked.filter(({ health }) => health.state === 'unknown').map(({ underWay }) => underWay);
      if (first.length > 0) await patiently(Promise.all(first));
      return looked.map(({ target, health }) => ({ target, health }));
    },
    forget: (owner) => leave(owner, new Set()),
    onChanged: (listener) => void listeners.push(listener),
    stop: async () => {
      const all = [...watchedByKey.values()];
      watchedByKey.clear();
      for (const { cancel } of all) cancel();
      await Promise.all(all.map(({ underWay }) => underWay));
    },
  };
}
