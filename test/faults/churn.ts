import type { Client } from '../../operator/kubernetes/client-types.ts';
import { isNotFound } from '../../operator/kubernetes/errors.ts';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';

interface ChurnOptions {
  client: Client;
  namespace: string;
  /** In [0, 1); the same sequence makes the same churn. */
  random: () => number;
}

const parentNames = ['ada', 'bert', 'cleo', 'dora', 'emil', 'fee'];

/** Changes that users make and accidents that happen, one at each call. */
export function createChurn({ client, namespace, random }: ChurnOptions) {
  const { configMaps, deployments } = resources;
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const parent = () => ({ namespace, name: parentNames[Math.floor(random() * parentNames.length)] ?? 'ada' });

  const ask = async (data: Record<string, string>) => {
    const metadata = { ...parent(), labels: { role: 'parent' } };
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
    await client.apply(configMaps, manifest, { fieldManager: 'user' });
  };
  const accident = async (work: Promise<unknown>) => {
    await work.catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  };

  const actions = [
    () => ask({ image: `image-${Math.floor(random() * 1e6)}` }),
    () => ask({ image: `image-${Math.floor(random() * 1e6)}`, web: 'no' }),
    () => accident(client.delete(configMaps, { namespace, name: `${parent().name}-settings` })),
    () => accident(client.delete(deployments, { namespace, name: `${parent().name}-web` })),
    () => accident(client.delete(configMaps, parent())),
    () =>
      accident(
        client.patchMerge(configMaps, { namespace, name: `${parent().name}-settings` }, { data: { image: 'by hand' } }),
      ),
  ] as const;

  return {
    step: () => pick(actions)(),
    /** Deletes children whose owner is gone, as a cluster does: an API server alone does not. */
    collectGarbage: async () => {
      const [maps, workloads] = await Promise.all([
        client.list(configMaps, { namespace }),
        client.list(deployments, { namespace }),
      ]);
      const uids = new Set(maps.items.map(({ metadata }) => metadata.uid));
      const isGarbage = ({ metadata }: Live) => metadata.ownerReferences?.some(({ uid }) => !uids.has(uid));
      await Promise.all([
        ...maps.items.filter(isGarbage).map(({ metadata }) => accident(client.delete(configMaps, metadata))),
        ...workloads.items.filter(isGarbage).map(({ metadata }) => accident(client.delete(deployments, metadata))),
      ]);
    },
    /** Every parent is there, so that every operator has something to do. */
    settle: async () => {
      for (const name of parentNames) {
        const metadata = { namespace, name, labels: { role: 'parent' } };
        const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { image: 'settled' } };
        await client.apply(configMaps, manifest, { fieldManager: 'user' });
      }
    },
  };
}

export type Churn = ReturnType<typeof createChurn>;
