import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { keyText, type Live, type Manifest, type ObjectKey } from '../kubernetes/objects.ts';
import { rollOut, type Tools } from '../reconcile.ts';
import { someImages } from './build-platform.ts';

/** Everything that a complete rollout of a platform applies, in its order, as if each pod were ready at once and each Job done. */
export async function recordChildren(platform: TiktokLite): Promise<Manifest[]> {
  const recorded = new Map<string, Manifest>();
  const record: RecordManifest = (manifest) => {
    recorded.set(`${manifest.kind} ${keyText(manifest.metadata)}`, manifest);
    return arrived(manifest);
  };
  await rollOut(platform, { findings: [] }, toolsThat(record, platform));
  return [...recorded.values()];
}

const identity = { uid: 'uid-of-a-child', resourceVersion: '1', generation: 1 };

type RecordManifest = <T extends object>(manifest: Manifest<T>) => Live<T>;

/** The object as a cluster would have it a while later. */
function arrived<T extends object>(manifest: Manifest<T>): Live<T> {
  const { replicas = 1 } = (manifest as { spec?: { replicas?: number } }).spec ?? {};
  const pods = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
  const parents = [{ parentRef: { name: 'a-gateway' }, conditions: [{ type: 'Accepted', status: 'True' }] }];
  const status = { observedGeneration: 1, ...pods, parents, conditions: [{ type: 'Complete', status: 'True' }] };
  return { ...manifest, metadata: { ...manifest.metadata, ...identity }, status } as unknown as Live<T>;
}

/** The cluster of a rollout that only writes down what it is asked for. */
function toolsThat(record: RecordManifest, platform: TiktokLite): Tools {
  const children: Children = {
    apply: async (manifest) => record(manifest),
    volumeOf: () => undefined,
    jobOf: () => undefined,
    podIdOf: async () => 'uid-of-a-pod',
    withTroubles: async (message) => message,
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
    topics: { keep: async () => [], forget: () => undefined, onSettled: () => undefined },
    images: someImages,
    nodeAddress: '127.0.0.1',
    operatorNamespace: 'tiktok-lite-system',
  };
}

/** What a person would have put into the Secrets that an object refers to. */
const referred = Object.fromEntries(
  ['username', 'password', 'accessKeyId', 'secretAccessKey', 'keys', 'ca.crt', 'tls.crt', 'tls.key'].map((key) => [
    key,
    Buffer.from('from-elsewhere').toString('base64'),
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
        data: referred,
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
