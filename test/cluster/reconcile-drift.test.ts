import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

/** How soon a child has to be back; on a machine with nothing else to do 2 holds. */
const withinSeconds = Number(process.env.DRIFT_SECONDS ?? 15);

/** Every kind of child that is watched, and what somebody does to it by hand. */
const kinds: [Resource, object][] = [
  [resources.deployments, { spec: { template: { spec: { enableServiceLinks: true } } } }],
  [resources.statefulSets, { spec: { replicas: 0 } }],
  [resources.services, { spec: { selector: { by: 'hand' } } }],
  [resources.configMaps, { data: { BY: 'hand' } }],
  [resources.jobs, { spec: { backoffLimit: 1 } }],
  [resources.serviceAccounts, { automountServiceAccountToken: true }],
  [resources.networkPolicies, { spec: { ingress: [{}] } }],
  [resources.podDisruptionBudgets, { spec: { maxUnavailable: 0 } }],
];

/** What the operator wants of a child: all of it but what the server notes. */
const wishOf = (live: Live): object => {
  const { metadata, status: _status, ...rest } = live as Live & { status?: unknown };
  return { ...rest, labels: metadata.labels, owners: metadata.ownerReferences };
};

describe('a child that somebody lays hands on', function () {
  this.timeout(120_000);

  let cluster: OperatedCluster;
  before(async () => {
    cluster = await operatedCluster();
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
  });
  after(() => cluster.stop());

  const childrenOf = async (resource: Resource) =>
    (await cluster.list(resource)).filter(({ metadata }) => metadata.ownerReferences);

  for (const [resource, change] of kinds) {
    it(`is back when it is an edited ${resource.kind}`, async () => {
      const [child] = (await childrenOf(resource)).filter((live) => !('immutable' in live));
      assert.ok(child, `there is a ${resource.kind}`);
      const edited = await cluster.client.patchMerge(resource, child.metadata, change, {
        fieldManager: 'kubectl-edit',
      });
      assert.notDeepEqual(wishOf(edited), wishOf(child));
      await eventually(
        `${child.metadata.name} is as before`,
        async () => {
          const live = await cluster.find(resource, child.metadata.name);
          return live && isDeepStrictEqual(wishOf(live), wishOf(child));
        },
        withinSeconds,
      );
    });

    it(`is back when it is a deleted ${resource.kind}`, async () => {
      const children = await childrenOf(resource);
      assert.ok(children.length > 0, `there is a ${resource.kind}`);
      for (const { metadata } of children) {
        await cluster.client.delete(resource, metadata, { propagation: 'Background' });
      }
      for (const { metadata } of children) {
        await eventually(
          `${metadata.name} is made again`,
          async () => {
            // Another configuration has another name, as when a Service behind the gateway has another address.
            const known = await childrenOf(resource);
            return known.some((live) => live.metadata.uid !== metadata.uid && sameRole(live, metadata.name));
          },
          withinSeconds,
        );
      }
      await cluster.ready();
    });
  }

  const sameRole = ({ metadata }: Live, name: string): boolean =>
    metadata.name === name || metadata.name.replace(/-[0-9a-f]{8}$/, '') === name.replace(/-[0-9a-f]{8}$/, '');

  it('stays as it is when it is a volume: nobody enlarges it back, and nobody deletes it', async () => {
    const name = 'demo-mysql';
    const before = await cluster.find(resources.persistentVolumeClaims, name);
    assert.ok(before);
    const annotations = { 'example.org/by': 'hand' };
    await cluster.client.patchMerge(resources.persistentVolumeClaims, before.metadata, { metadata: { annotations } });
    await cluster.nudge();
    await cluster.ready();
    const after = await cluster.find(resources.persistentVolumeClaims, name);
    assert.equal(after?.metadata.annotations?.['example.org/by'], 'hand');
    assert.deepEqual([after?.metadata.uid, after?.spec], [before.metadata.uid, before.spec]);
    const deletions = cluster.requests().filter(({ resource, verb }) => {
      return resource === 'persistentvolumeclaims' && verb === 'delete';
    });
    assert.deepEqual(deletions, []);
  });
});
