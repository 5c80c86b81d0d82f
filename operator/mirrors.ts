import type { TiktokLite } from './api/tiktok-lite.ts';
import { group, kind, plural, version } from './api/tiktok-lite.ts';
import type { Client } from './kubernetes/client-types.ts';
import type { Clock } from './kubernetes/clock.ts';
import type { Log } from './kubernetes/log.ts';
import { reduceManagedFields } from './kubernetes/managed-fields.ts';
import type { ReflectorMetrics } from './kubernetes/metrics.ts';
import { keyText, type Live } from './kubernetes/objects.ts';
import { createReflector, type Reflector } from './kubernetes/reflector.ts';
import { defineResource, type Resource, resources } from './kubernetes/resources.ts';
import { type Change, createStore, type Store } from './kubernetes/store.ts';
import type { HttpRoute } from './resources/http-route.ts';
import { managedBy } from './resources/labels.ts';
import type { ScaledObject, TriggerAuthentication } from './resources/scaled-object.ts';
import type { KafkaTopic } from './topics/kafka-topic.ts';
import { warmUpAnnotation } from './warm-up/run.ts';

/** A TiktokLite without what identifies it. */
export type PlatformBody = Omit<TiktokLite, 'apiVersion' | 'kind' | 'metadata'>;

export const tiktokLites: Resource<PlatformBody> = defineResource({ group, version, plural, kind, namespaced: true });

/** A platform as the rest of the operator knows it: the API server has filled in what its schema gives. */
export const platformOf = (live: Live<PlatformBody>): TiktokLite => live as unknown as TiktokLite;

/** Of the Gateway API, which a cluster may lack. */
export const httpRoutes: Resource<HttpRoute> = defineResource({
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
  kind: 'HTTPRoute',
  namespaced: true,
});

/** Of KEDA, which a cluster may lack. */
export const scaledObjects: Resource<ScaledObject> = defineResource({
  group: 'keda.sh',
  version: 'v1alpha1',
  plural: 'scaledobjects',
  kind: 'ScaledObject',
  namespaced: true,
});

/** Of KEDA too. */
export const triggerAuthentications: Resource<TriggerAuthentication> = defineResource({
  group: 'keda.sh',
  version: 'v1alpha1',
  plural: 'triggerauthentications',
  kind: 'TriggerAuthentication',
  namespaced: true,
});

/** Of Strimzi, which a cluster may lack. */
export const kafkaTopics: Resource<KafkaTopic> = defineResource({
  group: 'kafka.strimzi.io',
  version: 'v1',
  plural: 'kafkatopics',
  kind: 'KafkaTopic',
  namespaced: true,
});

/** The manager of every child. */
export const fieldManager = 'tiktok-lite-operator';

/** Label by which operators that share a cluster share out the platforms. */
const classLabel = 'tiktoklite.dev/operator-class';

interface MirrorOptions {
  client: Client;
  /** All when absent. */
  namespace?: string;
  operatorClass: string;
  /** Told which platform something has happened to; `initial` when it was only listed. */
  wake: (key: string, initial: boolean) => void;
  log: Log;
  clock: Clock;
  metrics?: ReflectorMetrics;
}

export type Mirrors = ReturnType<typeof createMirrors>;

/** Keeps copies of the platforms and of their children, and says which platform each change wakes. */
export function createMirrors({ operatorClass, wake, ...options }: MirrorOptions) {
  const reflectors: Reflector[] = [];
  const mirror = <T extends object>(
    resource: Resource<T>,
    labelSelector: string,
    { keyOf, mayBeAbsent = false }: { keyOf: (change: Change<T>) => string | undefined; mayBeAbsent?: boolean },
  ): Store<T> => {
    const store = createStore<T>({
      onHandlerError: (error) => options.log.error({ error }, 'a change was not taken note of'),
    });
    store.subscribe((change) => {
      const key = keyOf(change);
      if (key !== undefined) wake(key, change.initial);
    });
    const transform = (object: Live<T>) => reduceManagedFields(object, { fieldManager });
    reflectors.push(createReflector({ ...options, resource, labelSelector, store, transform, mayBeAbsent }));
    return store;
  };
  const children = <T extends object>(resource: Resource<T>, kind: { mayBeAbsent?: boolean } = {}): Store<T> =>
    mirror(resource, `app.kubernetes.io/managed-by=${managedBy}`, { keyOf: platformOfChild, ...kind });

  return {
    platforms: mirror(tiktokLites, operatorClass ? `${classLabel}=${operatorClass}` : `!${classLabel}`, {
      keyOf: wokenPlatform,
    }),
    deployments: children(resources.deployments),
    statefulSets: children(resources.statefulSets),
    services: children(resources.services),
    configMaps: children(resources.configMaps),
    jobs: children(resources.jobs),
    volumes: children(resources.persistentVolumeClaims),
    serviceAccounts: children(resources.serviceAccounts),
    networkPolicies: children(resources.networkPolicies),
    disruptionBudgets: children(resources.podDisruptionBudgets),
    ingresses: children(resources.ingresses),
    horizontalPodAutoscalers: children(resources.horizontalPodAutoscalers),
    httpRoutes: children(httpRoutes, { mayBeAbsent: true }),
    scaledObjects: children(scaledObjects, { mayBeAbsent: true }),
    triggerAuthentications: children(triggerAuthentications, { mayBeAbsent: true }),
    kafkaTopics: children(kafkaTopics, { mayBeAbsent: true }),
    reflectors: reflectors as readonly Reflector[],
  };
}

/** A platform of which only the status has changed was changed by us: nothing new is wanted. */
function wokenPlatform({ object, previous }: Change<PlatformBody>): string | undefined {
  const some = object ?? previous;
  if (!some || (object && previous && wishOf(object) === wishOf(previous))) return undefined;
  return keyText(some.metadata);
}

const wishOf = ({ metadata: { uid, generation, deletionTimestamp, finalizers, annotations } }: Live): string =>
  JSON.stringify([uid, generation, deletionTimestamp, finalizers, annotations?.[warmUpAnnotation]]);

/** A child wakes the platform that it is labelled with, also one of the same name that came after its owner. */
function platformOfChild({ object, previous }: Change): string | undefined {
  const metadata = (object ?? previous)?.metadata;
  const name = metadata?.labels?.['app.kubernetes.io/instance'];
  return name === undefined ? undefined : keyText({ namespace: metadata?.namespace, name });
}
