import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import type { Backoff } from '../../operator/kubernetes/backoff.ts';
import { type Children, createChildren } from '../../operator/kubernetes/children.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import { reduceManagedFields } from '../../operator/kubernetes/managed-fields.ts';
import { keyText, type Live, type Manifest, parseKey } from '../../operator/kubernetes/objects.ts';
import { createReflector, type Reflector } from '../../operator/kubernetes/reflector.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { createStore, type Store } from '../../operator/kubernetes/store.ts';
import { createWorkQueue, type WorkQueue } from '../../operator/kubernetes/work-queue.ts';
import { runWorkers, type Workers } from '../../operator/kubernetes/workers.ts';

/** What a test sees of a running toy operator. */
export interface ToyOperator {
  parents: Store<V1ConfigMap>;
  workloads: Store<V1Deployment>;
  passes: () => number;
  /** Failed passes and handlers. */
  problems: string[];
  /** Begins to work on what it watches, unless it does already. */
  work: () => void;
  stop: () => Promise<void>;
}

const { configMaps, deployments } = resources;
const policy = { fieldManager: 'toy-operator' };
const childLabels = { 'app.kubernetes.io/managed-by': 'toy-operator' };
const childSelector = 'app.kubernetes.io/managed-by=toy-operator';

interface ToyOptions extends Pick<Watching, 'backoff' | 'silenceSeconds'> {
  /** Watches, and works only when it is told to. */
  standby?: boolean;
  /** A pass has ended well. */
  onPass?: () => void;
}

/**
 * The smallest operator: a ConfigMap labelled `role=parent` asks by its data for a ConfigMap `<name>-settings` with the
 * `image`, and, unless `web` is `no`, for a Deployment `<name>-web` that runs it.
 */
export async function startToyOperator(
  client: Client,
  namespace: string,
  { standby = false, onPass = () => undefined, ...watching }: ToyOptions = {},
): Promise<ToyOperator> {
  const problems: string[] = [];
  const queue = createWorkQueue({ name: 'toy' });
  const watch = createWatching({ client, namespace, queue, problems, ...watching });
  const parents = watch(configMaps, 'role=parent', (parent) => [keyText(parent.metadata)]);
  const settings = watch(configMaps, childSelector, ownerKeys);
  const workloads = watch(deployments, childSelector, ownerKeys);
  const reflectors = [parents, settings, workloads].map(({ reflector }) => reflector);
  for (const reflector of reflectors) reflector.start();
  await Promise.all(reflectors.map((reflector) => reflector.synced()));

  const children = createChildren({
    ...policy,
    client,
    kinds: [
      { resource: configMaps, store: settings.store },
      { resource: deployments, store: workloads.store },
    ],
    hashAnnotation: 'example.dev/applied',
    scaleManager: 'scaler',
    log: silentLog,
  });
  let passes = 0;
  const reconcile = async (key: string, signal: AbortSignal): Promise<undefined> => {
    passes += 1;
    const parent = parents.store.get(parseKey(key));
    if (parent) await reconcileChildren(parent, children, signal);
    onPass();
  };
  const log = { ...silentLog, warn: (fields: { error?: unknown }) => void problems.push(String(fields.error)) };
  let workers: Workers | undefined;
  const work = () => {
    workers ??= runWorkers(queue, reconcile, { name: 'toy', log });
  };
  if (!standby) work();

  return {
    parents: parents.store,
    workloads: workloads.store,
    passes: () => passes,
    problems,
    work,
    stop: async () => {
      await workers?.stop();
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
    },
  };
}

async function reconcileChildren(parent: Live<V1ConfigMap>, children: Children, signal: AbortSignal): Promise<void> {
  const { image = 'none', web = 'yes', scaled = 'no' } = parent.data ?? {};
  const pass = children.pass({ uid: parent.metadata.uid, signal });
  await pass.apply(settingsFor(parent, image));
  if (web === 'yes') await pass.apply(workloadFor(parent, { image, scaled: scaled === 'yes' }));
  await pass.prune();
}

const ownerKeys = ({ metadata: { namespace, ownerReferences = [] } }: Live): string[] =>
  ownerReferences.map(({ name }) => keyText({ namespace, name }));

interface Watching {
  client: Client;
  namespace: string;
  queue: WorkQueue;
  problems: string[];
  backoff?: Backoff;
  silenceSeconds?: number;
}

/** A store and its reflector, whose changes wake the keys that `wake` names. */
const createWatching =
  ({ client, namespace, queue, problems, ...patience }: Watching) =>
  <T extends object>(
    resource: Resource<T>,
    labelSelector: string,
    wake: (object: Live<T>) => string[],
  ): { store: Store<T>; reflector: Reflector } => {
    const store = createStore<T>({ onHandlerError: (error) => void problems.push(String(error)) });
    store.subscribe(({ object, previous }) => {
      for (const seen of [object, previous]) for (const key of seen ? wake(seen) : []) queue.add(key);
    });
    const transform = (object: Live<T>) => reduceManagedFields(object, policy);
    const selection = { resource, namespace, labelSelector };
    const reflector = createReflector({ client, ...selection, store, transform, log: silentLog, ...patience });
    return { store, reflector };
  };

const childMeta = (parent: Live, name: string) => {
  const { uid, namespace = '' } = parent.metadata;
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: parent.metadata.name, uid, controller: true };
  return { namespace, name, labels: childLabels, ownerReferences: [owner] };
};

const settingsFor = (parent: Live, image: string): Manifest<V1ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: childMeta(parent, `${parent.metadata.name}-settings`),
  data: { image },
});

const workloadFor = (parent: Live, { image, scaled }: { image: string; scaled: boolean }): Manifest<V1Deployment> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: childMeta(parent, `${parent.metadata.name}-web`),
  spec: {
    ...(scaled ? {} : { replicas: 2 }),
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 40,
        securityContext: { runAsNonRoot: true },
        containers: [
          {
            name: 'web',
            image,
            env: [{ name: 'KNOWN', value: '1' }],
            ports: [{ containerPort: 8080 }],
            resources: { requests: { cpu: '1000m', memory: '0.5Gi' }, limits: { memory: '1024Mi' } },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1024Mi' } }],
      },
    },
  },
});
