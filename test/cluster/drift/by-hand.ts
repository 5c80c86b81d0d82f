import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Live } from '../../../operator/kubernetes/objects.ts';
import type { Resource } from '../../../operator/kubernetes/resources.ts';
import { eventually } from '../../eventually.ts';
import type { OperatedCluster } from '../reconcile-fixture.ts';
import type { Kind } from './kinds.ts';

/** How soon a child has to be back; on a machine with nothing else to do 2 holds. */
const withinSeconds = Number(process.env.DRIFT_SECONDS ?? 15);

/** How long things took, to be printed. */
export interface Times {
  measure: (what: string, work: () => Promise<unknown>) => Promise<void>;
  print: () => void;
}

export function createTimes(): Times {
  const lines: string[] = [];
  return {
    measure: async (what, work) => {
      const startMs = performance.now();
      await work();
      lines.push(`${((performance.now() - startMs) / 1000).toFixed(2).padStart(8)} s  ${what}`);
    },
    print: () => console.log(`    back after\n${lines.join('\n')}`),
  };
}

/** What the operator wants of a child: all of it but what the server notes. */
export const wishOf = (live: Live): object => {
  const { metadata, status: _status, ...rest } = live as Live & { status?: unknown };
  return { ...rest, labels: metadata.labels, owners: metadata.ownerReferences };
};

const childrenOf = async (cluster: OperatedCluster, resource: Resource) =>
  (await cluster.list(resource)).filter(({ metadata }) => metadata.ownerReferences);

/** Edits one child of a kind and waits until it is as before. */
export async function editByHand(cluster: OperatedCluster, { resource, change }: Kind, times: Times): Promise<void> {
  const [child] = (await childrenOf(cluster, resource)).filter((live) => !('immutable' in live));
  assert.ok(child, `there is a ${resource.kind}`);
  const edited = await cluster.client.patchMerge(resource, child.metadata, change, { fieldManager: 'kubectl-edit' });
  assert.notDeepEqual(wishOf(edited), wishOf(child));
  await times.measure(`${resource.kind}, edited`, () =>
    eventually(
      `${child.metadata.name} is as before`,
      async () => {
        const live = await cluster.find(resource, child.metadata.name);
        return live && isDeepStrictEqual(wishOf(live), wishOf(child));
      },
      withinSeconds,
    ),
  );
}

/** Deletes all children of a kind and waits until each is there again. */
export async function deleteByHand(cluster: OperatedCluster, { resource }: Kind, times: Times): Promise<void> {
  const children = await childrenOf(cluster, resource);
  assert.ok(children.length > 0, `there is a ${resource.kind}`);
  for (const { metadata } of children) {
    await cluster.client.delete(resource, metadata, { propagation: 'Background' });
  }
  await times.measure(`${resource.kind}, all ${children.length} deleted`, async () => {
    for (const { metadata } of children) {
      await eventually(
        `${metadata.name} is made again`,
        async () => {
          // Another configuration has another name, as when a Service behind the gateway has another address.
          const known = await childrenOf(cluster, resource);
          return known.some((live) => live.metadata.uid !== metadata.uid && sameRole(live, metadata.name));
        },
        withinSeconds,
      );
    }
  });
}

const sameRole = ({ metadata }: Live, name: string): boolean =>
  metadata.name === name || metadata.name.replace(/-[0-9a-f]{8}$/, '') === name.replace(/-[0-9a-f]{8}$/, '');
