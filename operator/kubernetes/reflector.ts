import { type Backoff, backoffMs, watchBackoff } from './backoff.ts';
import type { Client, Selection } from './client-types.ts';
import { type Clock, sleep, systemClock } from './clock.ts';
import { isNotFound } from './errors.ts';
import type { Log } from './log.ts';
import type { ReflectorMetrics } from './metrics.ts';
import type { Live } from './objects.ts';
import type { Resource } from './resources.ts';
import type { Store } from './store.ts';
import type { WatchEvent } from './watch-events.ts';
import { judgeFailure } from './watch-failure.ts';

/** Keeps a store equal to what the API server has, whatever happens to the connection, until it is stopped. */
export interface Reflector {
  start: () => void;
  /** Resolves when nothing is running any more. */
  stop: () => Promise<void>;
  /** Resolves when the first list is in the store. */
  synced: () => Promise<void>;
  /** Time since the server last said anything; a healthy one says something at least once a minute. */
  lastEventAgeSeconds: () => number;
}

interface ReflectorOptions<T extends object> extends Selection {
  client: Pick<Client, 'list' | 'watch'>;
  resource: Resource<T>;
  store: Store<T>;
  /** Makes each object smaller before it is stored. */
  transform?: (object: Live<T>) => Live<T>;
  /** Of a custom resource whose definition a cluster may lack: then there are none, until there is one. */
  mayBeAbsent?: boolean;
  log: Log;
  clock?: Clock;
  random?: () => number;
  metrics?: ReflectorMetrics | undefined;
  backoff?: Backoff;
  /** Bookmarks come once a minute, so that silence of this length means a dead connection. */
  silenceSeconds?: number;
}

/** After a watch that lived so long, the next failure counts as the first. */
const healthyAfterMs = 120_000;

/** A watch that ends sooner, and without an event, is taken for a failure. */
const suspiciouslyShortMs = 1_000;

const listDeadlineSeconds = 60;

/** How soon the definition of a resource that was absent is noticed. */
const absentPauseMs = 15_000;

export function createReflector<T extends object>(options: ReflectorOptions<T>): Reflector {
  const { log, resource, clock = systemClock, random = Math.random, metrics, backoff = watchBackoff } = options;
  const labels = { resource: resource.plural };
  const stopping = new AbortController();
  const { signal } = stopping;
  const firstList = Promise.withResolvers<void>();
  const feed = createFeed({ ...options, clock, random, signal });
  const lastEventAgeSeconds = () => (clock.monotonicMs() - feed.lastEventMs()) / 1000;
  const stopObserving = metrics?.onScrape(() => metrics.lastEventAge.set(labels, lastEventAgeSeconds()));
  let running: Promise<void> = Promise.resolve();

  const list = async (): Promise<Position> => {
    const resourceVersion = await feed.list();
    firstList.resolve();
    return { resourceVersion };
  };

  let position: Position | undefined;
  let failures = 0;

  /** From where it broke off, or from a new list: until the watch breaks, which throws, or its time is over. */
  const follow = async (): Promise<void> => {
    position ??= await list().catch(absence);
    if (position) await feed.watch(position);
    else await sleep(clock, absentPauseMs, signal);
    failures = 0;
  };

  /** The server does not know the resource: that is an answer, where it may be so. */
  const absence = (error: unknown): undefined => {
    if (!options.mayBeAbsent || !isNotFound(error)) throw error;
    feed.absent();
    firstList.resolve();
  };

  const recover = async (error: unknown, livedMs: number): Promise<void> => {
    failures = livedMs >= healthyAfterMs ? 1 : failures + 1;
    const { reason, listAgain, atLeastMs } = judgeFailure(error, failures);
    const delayMs = Math.round(Math.max(atLeastMs, backoffMs(backoff, failures, random())));
    if (listAgain) position = undefined;
    metrics?.failures.inc({ ...labels, reason });
    const words = listAgain ? 'the watch cannot continue: listing again' : 'list or watch failed: trying again';
    log.warn({ ...labels, error, reason, failures, delayMs }, words);
    await sleep(clock, delayMs, signal);
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      await follow().catch((error: unknown) => {
        if (!signal.aborted) return recover(error, clock.monotonicMs() - startedMs);
      });
    }
  };

  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort(new Error('the reflector stops'));
      stopObserving?.();
      await running;
    },
    synced: () => firstList.promise,
    lastEventAgeSeconds,
  };
}

interface FeedOptions<T extends object> extends ReflectorOptions<T> {
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
}

/** Lists and watches into the store; each failure is thrown. */
function createFeed<T extends object>(options: FeedOptions<T>) {
  const { client, resource, store, transform = (object) => object, log, clock, random, metrics, signal } = options;
  const { namespace, labelSelector, fieldSelector, metadataOnly, silenceSeconds = 90 } = options;
  const selection = { namespace, labelSelector, fieldSelector, metadataOnly };
  const labels = { resource: resource.plural };
  let lastEventMs = clock.monotonicMs();

  /** Puts an event into the store and answers how far the watch has got with it. */
  const receive = (event: WatchEvent<T>): string => {
    lastEventMs = clock.monotonicMs();
    if (event.type === 'BOOKMARK') {
      store.reached(event.resourceVersion);
      return event.resourceVersion;
    }
    if (event.type === 'DELETED') store.remove(event.object);
    else store.put(transform(event.object));
    return event.object.metadata.resourceVersion;
  };

  return {
    lastEventMs: () => lastEventMs,
    absent: () => {
      lastEventMs = clock.monotonicMs();
      if (store.list().length > 0) store.replace([], '0');
    },
    list: async (): Promise<string> => {
      metrics?.lists.inc(labels);
      const { items, resourceVersion } = await client.list(resource, {
        ...selection,
        signal,
        deadlineSeconds: listDeadlineSeconds,
      });
      lastEventMs = clock.monotonicMs();
      store.replace(items.map(transform), resourceVersion);
      log.debug({ ...labels, objects: items.length, resourceVersion }, 'listed');
      return resourceVersion;
    },
    /** One watch to its end. `position` moves with it, so that the next one continues where this one broke off. */
    watch: async (position: Position): Promise<void> => {
      metrics?.watches.inc(labels);
      const startedMs = clock.monotonicMs();
      const timeoutSeconds = Math.round(300 * (1 + random()));
      const query = { ...selection, ...position, timeoutSeconds, silenceSeconds, signal };
      let events = 0;
      for await (const event of client.watch(resource, query)) {
        signal.throwIfAborted();
        position.resourceVersion = receive(event);
        events += 1;
      }
      if (events === 0 && clock.monotonicMs() - startedMs < suspiciouslyShortMs)
        throw new Error('the watch ended at once and without an event');
    },
  };
}

/** How far a watch has got; moves while it runs. */
interface Position {
  resourceVersion: string;
}
