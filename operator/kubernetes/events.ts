import { randomBytes } from 'node:crypto';
import type { Client } from './client-types.ts';
import { type Clock, microTime, systemClock } from './clock.ts';
import { isNotFound } from './errors.ts';
import { createEventSeries, type Decision } from './event-series.ts';
import type { Log } from './log.ts';
import type { EventMetrics } from './metrics.ts';
import type { Live } from './objects.ts';
import { apiVersionOf, resources } from './resources.ts';

/** Something worth telling to whoever describes the object. */
export interface EventRecord {
  /** The object it is about. */
  regarding: Pick<Live, 'apiVersion' | 'kind' | 'metadata'>;
  type: 'Normal' | 'Warning';
  /** Why, in one CamelCase word that machines can rely on. */
  reason: string;
  /** What was done or tried, in one CamelCase word. */
  action: string;
  /** A sentence for people. */
  note: string;
}

/** Tells events without ever making the caller wait or fail. */
export interface EventRecorder {
  record: (event: EventRecord) => void;
  /** Waits for what is under way; records nothing any more. */
  stop: () => Promise<void>;
}

export interface EventRecorderOptions {
  client: Pick<Client, 'create' | 'patchMerge'>;
  /** Name of the program, such as `example.dev/operator`. */
  controller: string;
  /** Name of the pod. */
  instance: string;
  log: Log;
  clock?: Clock;
  metrics?: EventMetrics | undefined;
}

/** Limits of the API. */
const longest = { note: 1024, word: 128, namePrefix: 200 };

/** Records events.k8s.io/v1 Events: repeats become a count, and no object can flood the API server. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, log, clock = systemClock, metrics } = options;
  const series = createEventSeries(clock);
  let recorded = 0;
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  const create = async (event: EventRecord, key: string) => {
    const manifest = eventOf(event, options, clock.date(), recorded++);
    await client.create(resources.events, manifest);
    const times = series.created(key, manifest.metadata);
    metrics?.recorded.inc({ outcome: 'created' });
    if (times > 1) await count(event, key, { ...manifest.metadata, count: times });
  };

  const count = async (
    event: EventRecord,
    key: string,
    { name, namespace, count }: Omit<Extract<Decision, { action: 'count' }>, 'action'>,
  ) => {
    const changes = { series: { count, lastObservedTime: microTime(clock.date()) } };
    try {
      await client.patchMerge(resources.events, { name, namespace }, changes);
      metrics?.recorded.inc({ outcome: 'merged' });
    } catch (error) {
      // Events live for an hour; one that goes on happening starts anew.
      if (!isNotFound(error)) throw error;
      series.lost(key);
      await create(event, key);
    }
  };

  const tell = async (event: EventRecord): Promise<void> => {
    const key = keyOf(event);
    const decision = series.observe(key, event.regarding.metadata.uid);
    if (decision.action === 'drop') return metrics?.recorded.inc({ outcome: 'dropped' });
    try {
      if (decision.action === 'create') await create(event, key);
      else await count(event, key, decision);
    } catch (error) {
      series.failed(key);
      metrics?.recorded.inc({ outcome: 'failed' });
      log.warn({ error, reason: event.reason, note: event.note }, 'an event could not be recorded');
    }
  };

  return {
    record: (event) => {
      if (stopped) return;
      const telling = tell(event).finally(() => underWay.delete(telling));
      underWay.add(telling);
    },
    stop: async () => {
      stopped = true;
      await Promise.all(underWay);
    },
  };
}

const keyOf = ({ regarding, type, reason, action, note }: EventRecord): string =>
  JSON.stringify([regarding.metadata.uid, type, reason, action, note]);

/** Sorts as the events happened: `kubectl describe` lists them by name, since this API has no time that it sorts by. */
const orderedSuffix = (date: Date, sequence: number): string =>
  (date.getTime() * 4096 + (sequence % 4096)).toString(16) + randomBytes(3).toString('hex');

/** The manifest of an event that happens for the first time. */
export function eventOf(
  { regarding, type, reason, action, note }: EventRecord,
  { controller, instance }: Pick<EventRecorderOptions, 'controller' | 'instance'>,
  date: Date,
  sequence: number,
) {
  const { name, namespace, uid, resourceVersion } = regarding.metadata;
  return {
    apiVersion: apiVersionOf(resources.events),
    kind: resources.events.kind,
    metadata: {
      name: `${name.slice(0, longest.namePrefix)}.${orderedSuffix(date, sequence)}`,
      // Events of cluster-wide objects live in the default namespace.
      namespace: namespace ?? 'default',
    },
    eventTime: microTime(date),
    reportingController: controller,
    reportingInstance: instance.slice(0, longest.word),
    regarding: {
      apiVersion: regarding.apiVersion,
      kind: regarding.kind,
      name,
      ...(namespace ? { namespace } : {}),
      uid,
      resourceVersion,
    },
    type,
    reason: reason.slice(0, longest.word),
    action: action.slice(0, longest.word),
    note: note.slice(0, longest.note),
  };
}
