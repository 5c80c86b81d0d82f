import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import type { StoreReader } from '../../operator/kubernetes/store.ts';

/** What is wrong with what an operator knows, or has made, compared with what the API server has. */
export interface Findings {
  /** In the API server, in this state, and not in the store. */
  missed: string[];
  /** In the store, and not in the API server. */
  phantom: string[];
  /** Parents whose children are not as they ask for. */
  unreconciled: string[];
}

interface Audited {
  parents: StoreReader<V1ConfigMap>;
  workloads: StoreReader<V1Deployment>;
}

/** Asks the API server itself, past the proxy, and compares. */
export async function audit(truth: Client, namespace: string, { parents, workloads }: Audited): Promise<Findings> {
  const [configMaps, deployments] = await Promise.all([
    truth.list(resources.configMaps, { namespace }),
    truth.list(resources.deployments, { namespace }),
  ]);
  const isParent = ({ metadata }: Live) => metadata.labels?.role === 'parent';
  const theParents = configMaps.items.filter(isParent);
  const compared = [compare(theParents, parents), compare(deployments.items, workloads)];
  return {
    missed: compared.flatMap(({ missed }) => missed),
    phantom: compared.flatMap(({ phantom }) => phantom),
    unreconciled: theParents
      .filter((parent) => !isReconciled(parent, configMaps.items, deployments.items))
      .map(({ metadata }) => metadata.name),
  };
}

/** A state is known by its version: the same object in an older one counts as missed. */
const stateOf = ({ metadata }: Live): string => `${metadata.name}@${metadata.uid}@${metadata.resourceVersion}`;

function compare(live: readonly Live[], store: StoreReader): { missed: string[]; phantom: string[] } {
  const known = new Set(store.list().map(stateOf));
  const uids = new Set(live.map(({ metadata }) => metadata.uid));
  return {
    missed: live.map(stateOf).filter((state) => !known.has(state)),
    phantom: store
      .list()
      .filter(({ metadata }) => !uids.has(metadata.uid))
      .map(stateOf),
  };
}

function isReconciled(parent: Live<V1ConfigMap>, configMaps: Live<V1ConfigMap>[], deployments: Live<V1Deployment>[]) {
  const { image = 'none', web = 'yes' } = parent.data ?? {};
  const settings = configMaps.find(({ metadata }) => metadata.name === `${parent.metadata.name}-settings`);
  const workload = deployments.find(({ metadata }) => metadata.name === `${parent.metadata.name}-web`);
  const runs = workload?.spec?.template.spec?.containers[0]?.image;
  return settings?.data?.image === image && runs === (web === 'yes' ? image : undefined);
}
