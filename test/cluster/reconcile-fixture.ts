import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { V1CustomResourceDefinition, V1Deployment, V1Job, V1StatefulSet } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { customResourceDefinition } from '../../operator/api/custom-resource-definition.ts';
import type { Condition, TiktokLite } from '../../operator/api/tiktok-lite.ts';
import { createController } from '../../operator/controller.ts';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { systemClock } from '../../operator/kubernetes/clock.ts';
import { createEventRecorder } from '../../operator/kubernetes/events.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import type { Live, Manifest, ObjectKey } from '../../operator/kubernetes/objects.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { type PlatformBody, tiktokLites } from '../../operator/mirrors.ts';
import type { AskWorker } from '../../operator/scaler/ask-worker.ts';
import type { LagReader } from '../../operator/scaler/lag.ts';
import { check } from '../../operator/servers/check.ts';
import { reach } from '../../operator/servers/reach.ts';
import { createServerWatch, type ServerWatch } from '../../operator/servers/watch.ts';
import type { ApplyTopics, DeleteTopics, TopicReport } from '../../operator/topics/apply.ts';
import { createTopicKeeper } from '../../operator/topics/keeper.ts';
import type { AskCache } from '../../operator/warm-up/ask.ts';
import { eventually } from '../eventually.ts';
import { type AuditedRequest, isWrite } from './api-server-audit.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';

const chart = fileURLToPath(new URL('../../charts/tiktok-lite-operator', import.meta.url));

const ownedResources: readonly Resource[] = [
  resources.deployments,
  resources.statefulSets,
  resources.services,
  resources.configMaps,
  resources.secrets,
  resources.jobs,
  resources.serviceAccounts,
  resources.networkPolicies,
  resources.podDisruptionBudgets,
];

/** The rules that the chart grants: the operator under test may do exactly this. */
function chartRules(): object[] {
  const helm = join(cacheDirectory(), 'bin', 'current', 'helm');
  const args = ['template', 'operator', chart, '--kube-version=1.34.0', '--show-only=templates/rbac.yaml'];
  const documents = parseAllDocuments(execFileSync(helm, args, { encoding: 'utf8' }));
  const role = documents.map((document) => document.toJS()).find(({ kind }) => kind === 'ClusterRole');
  return role.rules;
}

/** The operator's controller at a real API server, with the rights of the chart; the test is the rest of the cluster. */
export interface OperatedCluster {
  /** Of an administrator. */
  client: Client;
  namespace: string;
  /** Makes pods ready and Jobs complete, as a cluster would, from now on; false stops it, and resolves when it has. */
  run: (running: boolean) => Promise<void>;
  apply: (spec?: object, name?: string, labels?: Record<string, string>) => Promise<void>;
  platform: (name?: string) => Promise<TiktokLite>;
  condition: (type: string, name?: string) => Promise<Condition | undefined>;
  /** Waits for Ready of the newest generation. */
  ready: (name?: string) => Promise<TiktokLite>;
  find: <T extends object>(resource: Resource<T>, name: string) => Promise<Live<T> | undefined>;
  list: <T extends object>(resource: Resource<T>) => Promise<Live<T>[]>;
  /** Wakes the operator without asking for anything: something about a child is different. */
  nudge: (name?: string) => Promise<void>;
  /** Deletes everything that has an owner, as a cluster does after the owner is gone. */
  collectGarbage: () => Promise<void>;
  /** What the operator has asked the API server for so far. */
  requests: () => AuditedRequest[];
  /** Those of them that write. */
  writes: () => AuditedRequest[];
  /** Whatever a test has left running is stopped when all tests are over. */
  stop: () => Promise<void>;
}

/** What to stop where a test has failed before it came to that: otherwise the process would never end. */
const unstopped = new Set<() => Promise<void>>();
if (typeof globalThis.after === 'function') after(() => Promise.all([...unstopped].map((stop) => stop())));

/** What brokers say of topics that are as wanted. */
export const nothingFound: TopicReport = { refusals: [], found: [] };

export interface OperatedOptions {
  applyTopics?: ApplyTopics;
  /** What becomes of the topics of a platform that goes away. */
  deleteTopics?: DeleteTopics;
  /** Whether it watches every namespace of the API server; give it a class of its own then. */
  everywhere?: boolean;
  /** Who looks at external servers; really looked at when absent. */
  servers?: ServerWatch;
  /** What a service would say of the cache. */
  askCache?: AskCache;
  /** What the brokers would say of uploads. */
  readLag?: LagReader['read'];
  /** What a transcoder would say that it has in hand. */
  askWorker?: AskWorker;
  operatorClass?: string;
}

/** Starts the controller on a namespace of its own. */
export async function operatedCluster({
  applyTopics,
  deleteTopics = async () => undefined,
  servers,
  askCache = async () => 'unknown',
  readLag = async () => ({ lag: 0, partitions: 8, offsets: [] }),
  askWorker = async () => 'unknown',
  operatorClass = '',
  everywhere = false,
}: OperatedOptions = {}): Promise<OperatedCluster> {
  const api = await sharedApiServer();
  await installDefinition(api.client);
  const namespace = await freshNamespace(api.client);
  const user = `operator-of-${namespace}`;
  await grant(api.client, user);

  const client = createClient({ access: api.accessOf(user, ['operators']) });
  const events = createEventRecorder({
    client,
    controller: 'tiktoklite.dev/operator',
    instance: 'test',
    log: silentLog,
  });
  const controller = createController({
    client,
    ...(everywhere ? {} : { namespace }),
    operatorClass,
    images: { related: {}, version: '1.2.3' },
    nodeAddress: '127.0.0.1',
    operatorNamespace: 'operators',
    topics: createTopicKeeper({
      apply: applyTopics ?? (async () => nothingFound),
      clock: systemClock,
      trustSeconds: 300,
    }),
    deleteTopics,
    servers: servers ?? createServerWatch({ reach, check, clock: systemClock }),
    askCache,
    lags: { read: readLag, close: async () => undefined },
    askWorker,
    events,
    randomText: (bytes) => `random-${Math.random()}-of-${bytes}-bytes-and-as-long-as-a-signing-key`,
    log: silentLog,
    clock: systemClock,
  });
  controller.watch();
  await controller.synced();
  controller.work();
  const cluster = playCluster(api.client, namespace);
  const stop = async () => {
    unstopped.delete(stop);
    await cluster.stop();
    await controller.stopWork('the test ends');
    await events.stop();
    await controller.stopWatch();
    await client.close();
  };
  unstopped.add(stop);

  const key = (name: string): ObjectKey => ({ namespace, name });
  const platform = async (name = 'demo') => (await api.client.get(tiktokLites, key(name))) as unknown as TiktokLite;
  const condition = async (type: string, name = 'demo') =>
    (await platform(name)).status?.conditions?.find((candidate) => candidate.type === type);

  return {
    client: api.client,
    namespace,
    run: cluster.run,
    apply: async (spec = {}, name = 'demo', labels = {}) => {
      await api.client.apply(tiktokLites, platformManifest(namespace, spec, name, labels), { fieldManager: 'test' });
    },
    platform,
    condition,
    ready: (name = 'demo') =>
      eventually(`${name} is Ready`, async () => {
        const found = await platform(name);
        const ready = found.status?.conditions?.find(({ type }) => type === 'Ready');
        return ready?.status === 'True' && ready.observedGeneration === found.metadata.generation ? found : undefined;
      }),
    find: (resource, name) => api.client.find(resource, key(name)),
    list: async (resource) => (await api.client.list(resource, { namespace })).items,
    nudge: async (name = 'demo') => {
      const changes = { metadata: { annotations: { nudged: String(performance.now()) } } };
      await api.client.patchMerge(resources.serviceAccounts, key(`${name}-auth`), changes);
    },
    collectGarbage: async () => {
      for (const resource of ownedResources) {
        const { items } = await api.client.list(resource, { namespace });
        const owned = items.filter(({ metadata }) => metadata.ownerReferences);
        await Promise.all(owned.map(({ metadata }) => api.client.delete(resource, metadata)));
      }
    },
    requests: () => api.requestsOf(user),
    writes: () => api.requestsOf(user).filter(isWrite),
    stop,
  };
}

/** `demo-video` → `video`. */
export const nameWithoutPlatform = ({ metadata }: Live): string => metadata.name.replace(/^demo-/, '');

/** A TiktokLite as a person writes it: the API server fills in the rest. */
export const platformManifest = (namespace: string, spec: object, name = 'demo', labels: Record<string, string> = {}) =>
  ({
    apiVersion: 'tiktoklite.dev/v1alpha1',
    kind: 'TiktokLite',
    metadata: { name, namespace, labels },
    spec,
  }) as unknown as Manifest<PlatformBody>;

/** Installs the definition and waits until objects of it are taken. */
export async function installDefinition(client: Client): Promise<void> {
  const definition = customResourceDefinition();
  const manifest = definition as unknown as Manifest<V1CustomResourceDefinition>;
  await client.apply(resources.customResourceDefinitions, manifest, { fieldManager: 'test' });
  await eventually('the definition is established', async () => {
    const live = await client.get(resources.customResourceDefinitions, { name: definition.metadata.name });
    return live.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True');
  });
}

async function grant(client: Client, user: string): Promise<void> {
  const roles = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: false } as const;
  const apiGroup = roles.group;
  await client.create(
    { ...roles, plural: 'clusterroles', kind: 'ClusterRole' } as Resource,
    { apiVersion: `${apiGroup}/v1`, kind: 'ClusterRole', metadata: { name: user }, rules: chartRules() } as Manifest,
  );
  await client.create(
    { ...roles, plural: 'clusterrolebindings', kind: 'ClusterRoleBinding' } as Resource,
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: user },
      roleRef: { apiGroup, kind: 'ClusterRole', name: user },
      subjects: [{ apiGroup, kind: 'User', name: user }],
    } as Manifest,
  );
}

/** Says what the controllers of a cluster would say: pods are ready, Jobs have succeeded. */
function playCluster(client: Client, namespace: string) {
  let running = false;
  let stopped = false;
  const say = async <T extends object>(resource: Resource<T>, live: Live<T>, status: object): Promise<void> => {
    const known = (live as { status?: Record<string, unknown> }).status ?? {};
    if (Object.entries(status).every(([field, value]) => JSON.stringify(known[field]) === JSON.stringify(value)))
      return;
    await client.patchMerge(resource, live.metadata, { status }, { subresource: 'status' }).catch(() => undefined);
  };
  const turn = async () => {
    for (const live of (await client.list<V1Deployment>(resources.deployments, { namespace })).items) {
      const replicas = live.spec?.replicas ?? 0;
      const pods = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
      await say(resources.deployments, live, { observedGeneration: live.metadata.generation, ...pods });
    }
    for (const live of (await client.list<V1StatefulSet>(resources.statefulSets, { namespace })).items) {
      const pods = { replicas: 1, readyReplicas: 1, updatedReplicas: 1 };
      await say(resources.statefulSets, live, { observedGeneration: live.metadata.generation, ...pods });
    }
    for (const live of (await client.list<V1Job>(resources.jobs, { namespace })).items) {
      if (live.status?.conditions) continue;
      const now = new Date().toISOString().replace(/\.\d+Z/, 'Z');
      const times = { startTime: now, completionTime: now };
      const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: now,
      }));
      await say(resources.jobs, live, { ...times, succeeded: 1, conditions });
    }
  };
  let turning: Promise<void> = Promise.resolve();
  const loop = (async () => {
    while (!stopped) {
      if (running) turning = turn();
      await turning;
      await pause(50);
    }
  })();
  return {
    run: async (wanted: boolean) => {
      running = wanted;
      if (!wanted) await turning;
    },
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}
