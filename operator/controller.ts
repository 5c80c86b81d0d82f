import type { TiktokLite } from './api/tiktok-lite.ts';
import { group, kind, plural, version } from './api/tiktok-lite.ts';
import type { ImageDefaults } from './images.ts';
import { createChildren } from './kubernetes/children.ts';
import type { Client } from './kubernetes/client-types.ts';
import type { Clock } from './kubernetes/clock.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { Log } from './kubernetes/log.ts';
import { reduceManagedFields } from './kubernetes/managed-fields.ts';
import type { MachineryMetrics } from './kubernetes/metrics.ts';
import { keyText, type Live } from './kubernetes/objects.ts';
import { createReflector, type Reflector } from './kubernetes/reflector.ts';
import { defineResource, type Resource, resources } from './kubernetes/resources.ts';
import { type Change, createStore, type Store } from './kubernetes/store.ts';
import { createWorkQueue } from './kubernetes/work-queue.ts';
import { runWorkers, type Workers } from './kubernetes/workers.ts';
import { createPass } from './pass.ts';
import { managedBy } from './resources/labels.ts';
import type { RandomText } from './secrets/generated.ts';
import type { TopicKeeper } from './topics/keeper.ts';

/** A TiktokLite without what identifies it. */
export type PlatformBody = Omit<TiktokLite, 'apiVersion' | 'kind' | 'metadata'>;

export const tiktokLites: Resource<PlatformBody> = defineResource({ group, version, plural, kind, namespaced: true });

/** Label by which operators that share a cluster share out the platforms. */
const classLabel = 'tiktoklite.dev/operator-class';
const hashAnnotation = 'tiktoklite.dev/applied-hash';
/** The manager of every child. */
const fieldManager = 'tiktok-lite-operator';

export interface ControllerOptions {
  client: Client;
  /** All when absent. */
  namespace?: string;
  operatorClass: string;
  images: ImageDefaults;
  nodeAddress: string;
  topics: TopicKeeper;
  events: EventRecorder;
  random: RandomText;
  log: Log;
  clock: Clock;
  metrics?: MachineryMetrics;
}

/** Watches platforms and their children, and passes over each platform that something has happened to. */
export interface Controller {
  /** Begins to watch; also a process that does not lead does, so that it can take over at once. */
  watch: () => void;
  /** Resolves when everything was listed once. */
  synced: () => Promise<void>;
  /** Begins to work. */
  work: () => void;
  /** Takes up no more platforms and waits for the passes under way. */
  stopWork: (reason: string) => Promise<void>;
  stopWatch: () => Promise<void>;
  /** Whether the watches are alive. */
  isWatching: () => boolean;
}

/** A watch says something at least once a minute. */
const deadWatchSeconds = 150;

export function createController(options: ControllerOptions): Controller {
  const { client, namespace, operatorClass, log, clock, metrics } = options;
  const scope = namespace === undefined ? {} : { namespace };
  const queue = createWorkQueue({ name: plural, clock, ...(metrics ? { metrics: metrics.queue } : {}) });
  const reflectors: Reflector[] = [];

  const mirror = <T extends object>(
    resource: Resource<T>,
    labelSelector: string,
    keyOf: (change: Change<T>) => string | undefined,
  ) => {
    const store = createStore<T>({ onHandlerError: (error) => log.error({ error }, 'a change could not be noted') });
    store.subscribe((change) => {
      const key = keyOf(change);
      if (key !== undefined) queue.add(key, { priority: change.initial ? 'low' : 'normal' });
    });
    reflectors.push(
      createReflector({
        ...scope,
        client,
        resource,
        labelSelector,
        store,
        transform: (object) => reduceManagedFields(object, { fieldManager }),
        log,
        clock,
        ...(metrics ? { metrics: metrics.reflector } : {}),
      }),
    );
    return store;
  };
  const mirrorChildren = <T extends object>(resource: Resource<T>): Store<T> =>
    mirror(resource, `app.kubernetes.io/managed-by=${managedBy}`, platformOfChild);

  const platforms = mirror(
    tiktokLites,
    operatorClass ? `${classLabel}=${operatorClass}` : `!${classLabel}`,
    wokenPlatform,
  );
  const deployments = mirrorChildren(resources.deployments);
  const statefulSets = mirrorChildren(resources.statefulSets);
  const services = mirrorChildren(resources.services);
  const configMaps = mirrorChildren(resources.configMaps);
  const jobs = mirrorChildren(resources.jobs);
  const volumes = mirrorChildren(resources.persistentVolumeClaims);

  const children = createChildren({
    client,
    fieldManager,
    hashAnnotation,
    log,
    kinds: [
      { resource: resources.deployments, store: deployments },
      { resource: resources.statefulSets, store: statefulSets },
      { resource: resources.services, store: services },
      { resource: resources.configMaps, store: configMaps },
      { resource: resources.jobs, store: jobs },
      { resource: resources.persistentVolumeClaims, store: volumes },
      // Without a store: Secrets are read one by one, never listed or watched.
      { resource: resources.secrets },
    ],
  });
  const pass = createPass({
    ...options,
    platformResource: tiktokLites,
    platforms,
    deployments,
    statefulSets,
    volumes,
    children,
  });

  let workers: Workers | undefined;
  return {
    watch: () => {
      for (const reflector of reflectors) reflector.start();
    },
    synced: async () => void (await Promise.all(reflectors.map((reflector) => reflector.synced()))),
    work: () => {
      workers = runWorkers(queue, pass, {
        name: plural,
        log,
        clock,
        ...(metrics ? { metrics: metrics.controller } : {}),
      });
    },
    stopWork: async (reason) => workers?.stop({ reason }),
    stopWatch: async () => void (await Promise.all(reflectors.map((reflector) => reflector.stop()))),
    isWatching: () => reflectors.every((reflector) => reflector.lastEventAgeSeconds() < deadWatchSeconds),
  };
}

/** A platform whose status alone has changed was changed by us: nothing new is wanted. */
function wokenPlatform({ object, previous }: Change<PlatformBody>): string | undefined {
  const some = object ?? previous;
  if (!some) return undefined;
  if (object && previous && wishOf(object) === wishOf(previous)) return undefined;
  return keyText(some.metadata);
}

const wishOf = ({ metadata: { uid, generation, deletionTimestamp, finalizers } }: Live): string =>
  JSON.stringify([uid, generation, deletionTimestamp, finalizers]);

/** A child wakes the platform that it is labelled with, also one of the same name that came after its owner. */
function platformOfChild({ object, previous }: Change): string | undefined {
  const metadata = (object ?? previous)?.metadata;
  const name = metadata?.labels?.['app.kubernetes.io/instance'];
  return name === undefined ? undefined : keyText({ namespace: metadata?.namespace, name });
}
