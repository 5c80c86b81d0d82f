import type { V1ServiceSpec } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { keyText, type Live, type Manifest, type ObjectKey } from '../kubernetes/objects.ts';
import { type Rollout, rollOut, type Tools } from '../reconcile.ts';
import type { WantedTopics } from '../topics/keeper.ts';
import { someImages } from './build-platform.ts';

/** Everything that a complete rollout of a platform applies, in its order, as if each pod were ready at once and each Job done. */
export async function recordChildren(platform: TiktokLite): Promise<Manifest[]> {
  const { children, failure } = await recordRollout(platform);
  if (failure !== undefined) throw failure;
  return children;
}

/** What a rollout applies and asks for, and what it found out; `failure` is what it waits for or could not do. */
export interface RecordedRollout {
  children: Manifest[];
  rollout: Rollout;
  topics: WantedTopics | undefined;
  failure: unknown;
}

/** Everything that one rollout does, as if each pod were ready at once. */
export async function recordRollout(platform: TiktokLite): Promise<RecordedRollout> {
  const recorded = new Map<string, Manifest>();
  const record: RecordManifest = (manifest) => {
    recorded.set(`${manifest.kind} ${keyText(manifest.metadata)}`, manifest);
    return arrived(manifest);
  };
  const rollout: Rollout = { findings: [] };
  let topics: WantedTopics | undefined;
  const keepTopics = (wanted: WantedTopics) => {
    topics = wanted;
  };
  const failure = await rollOut(platform, rollout, toolsThat(record, keepTopics, platform)).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { children: [...recorded.values()], rollout, topics, failure };
}

const identity = { uid: 'uid-of-a-child', resourceVersion: '1', generation: 1 };

type RecordManifest = <T extends object>(manifest: Manifest<T>) => Live<T>;

/** The object as a cluster would have it a while later. */
function arrived<T extends object>(manifest: Manifest<T>): Live<T> {
  const { replicas = 1 } = (manifest as { spec?: { replicas?: number } }).spec ?? {};
  const pods = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
  const parents = [{ parentRef: { name: 'a-gateway' }, conditions: [{ type: 'Accepted', status: 'True' }] }];
  const conditions = ['Complete', 'Ready'].map((type) => ({ type, status: 'True' }));
  const status = { observedGeneration: 1, ...pods, parents, conditions };
  return { ...withNodePorts(manifest), metadata: { ...manifest.metadata, ...identity }, status } as unknown as Live<T>;
}

/** A cluster chooses the port on its nodes where the object names none. */
function withNodePorts<T extends object>(manifest: Manifest<T>): Manifest<T> {
  const { spec } = manifest as { spec?: V1ServiceSpec };
  if (spec?.type !== 'NodePort') return manifest;
  const ports = spec.ports?.map((port) => ({ nodePort: 31234, ...port }));
  return { ...manifest, spec: { ...spec, ports } };
}

/** The cluster of a rollout that only writes down what it is asked for. */
function toolsThat(record: RecordManifest, keepTopics: (wanted: WantedTopics) => void, platform: TiktokLite): Tools {
  const children: Children = {
    apply: async (manifest) => record(manifest),
    volumeOf: () => undefined,
    kafkaTopicOf: () => undefined,
    jobOf: () => undefined,
    podIdOf: async () => 'uid-of-a-pod',
    withTroubles: async (message) => message,
    troubleOf: async () => undefined,
    lastWordsOf: async () => undefined,
    prune: async () => undefined,
  };
  return {
    children,
    secrets: {
      client: secretsThat(record, platform),
      randomText: (bytes) => 'r'.repeat(2 * bytes),
      hasVolume: () => false,
    },
    askCache: async () => 'unknown',
    now: new Date(0),
    kafkaAccess: new Map(),
    platforms: () => [platform],
    servers: { look: async (_, targets) => targets.map((target) => ({ target, health: { state: 'well' } })) },
    topics: {
      keep: async (_, wanted) => {
        keepTopics(wanted);
        return { refusals: [], found: [] };
      },
      forget: () => undefined,
      onSettled: () => undefined,
    },
    images: someImages,
    nodeAddress: '127.0.0.1',
    operatorNamespace: 'tiktok-lite-system',
  };
}

/** What a person would have put into a Secret of this name that an object refers to. */
const referred = (secret: string): Record<string, string> =>
  Object.fromEntries(
    ['username', 'password', 'accessKeyId', 'secretAccessKey', 'keys', 'ca.crt', 'tls.crt', 'tls.key'].map((key) => [
      key,
      Buffer.from(key === 'ca.crt' ? `-----BEGIN CERTIFICATE-----\nof ${secret}` : `${key} of ${secret}`).toString(
        'base64',
      ),
    ]),
  );

/** Secrets that the object refers to are there; those that bear the platform's name are made. */
function secretsThat(record: RecordManifest, platform: TiktokLite): Client {
  const made = new Map<string, Live>();
  const client: Pick<Client, 'find' | 'create' | 'patchMerge'> = {
    find: async <T extends object>(_: unknown, key: ObjectKey) => {
      const found = made.get(keyText(key));
      if (found || key.name.startsWith(`${platform.metadata.name}-`)) return found as Live<T> | undefined;
      return {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...key, ...identity },
        data: referred(key.name),
      } as unknown as Live<T>;
    },
    create: async (_, manifest) => {
      const live = record(manifest);
      made.set(keyText(manifest.metadata), live);
      return live;
    },
    patchMerge: async <T extends object>(_: unknown, key: ObjectKey) => made.get(keyText(key)) as Live<T>,
  };
  return client as Client;
}
