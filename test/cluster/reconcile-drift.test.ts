import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { V1Secret } from '@kubernetes/client-node';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { buildPlatform } from '../../operator/testing/build-platform.ts';
import { proofs } from '../../operator/testing/fields/proofs/index.ts';
import { withField } from '../../operator/testing/fields/set-field.ts';
import { recordRollout } from '../../operator/testing/record-children.ts';
import { eventually } from '../eventually.ts';
import { isWrite } from './api-server-audit.ts';
import { createTimes, deleteByHand, editByHand, wishOf } from './drift/by-hand.ts';
import { kindsOfEveryPlatform, kindsOfSomePlatforms, unwatchedKinds } from './drift/kinds.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

/** The full form waits for the operator to look at Secrets by itself; the short one wakes it. */
const waits = process.env.DRIFT_FORM === 'full';
const secretsWithinSeconds = waits ? 60 : 15;

describe('a child that somebody lays hands on', function () {
  this.timeout(120_000);

  let cluster: OperatedCluster;
  const times = createTimes();
  before(async () => {
    cluster = await operatedCluster();
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
  });
  after(async () => {
    await cluster?.stop();
    times.print();
  });

  it('is of a kind that is tried here: whatever a field of the object can make', async () => {
    const known = [...kindsOfEveryPlatform, ...kindsOfSomePlatforms].map(({ resource }) => resource);
    const tried = [...known, ...unwatchedKinds].map(({ kind }) => kind);
    assert.deepEqual(await kindsOfAnyPlatform(), tried.sort());
  });

  for (const kind of kindsOfEveryPlatform) {
    it(`is back when it is an edited ${kind.resource.kind}`, () => editByHand(cluster, kind, times));

    it(`is back when it is a deleted ${kind.resource.kind}`, async () => {
      await deleteByHand(cluster, kind, times);
      await cluster.ready();
    });
  }

  const secrets = async () => (await cluster.list(resources.secrets)) as Live<V1Secret>[];
  /** Until every Secret is as it was; whether the operator looks by itself is for the form of the test to say. */
  const restored = (what: string, before: Live<V1Secret>[]) =>
    times.measure(what, () =>
      eventually(
        'every Secret is as it was',
        async () => {
          if (!waits) await cluster.nudge();
          return isDeepStrictEqual((await secrets()).map(wishOf), before.map(wishOf));
        },
        secretsWithinSeconds,
      ),
    );

  it('is back when it is an edited Secret, or one without its label', async () => {
    const before = await secrets();
    for (const { metadata } of before) {
      const data = metadata.ownerReferences ? { data: { BY: 'aGFuZA==' } } : {};
      const changes = { ...data, metadata: { labels: { 'app.kubernetes.io/managed-by': 'hand' } } };
      await cluster.client.patchMerge(resources.secrets, metadata, changes);
    }
    await restored(`Secret, all ${before.length} edited`, before);
  });

  it('is back with the same data when it is a deleted Secret', async () => {
    const before = await secrets();
    for (const { metadata } of before) await cluster.client.delete(resources.secrets, metadata);
    await restored(`Secret, all ${before.length} deleted`, before);
    await cluster.ready();
  });

  it('is found although no Secret is ever listed or watched', () => {
    const verbs = new Set(cluster.requests().flatMap(({ resource, verb }) => (resource === 'secrets' ? [verb] : [])));
    assert.ok(verbs.has('get'));
    assert.deepEqual([verbs.has('list'), verbs.has('watch')], [false, false]);
  });

  const claimsWritten = () =>
    cluster.requests().filter((request) => request.resource === 'persistentvolumeclaims' && isWrite(request)).length;

  it('stays as it is when it is a volume: nobody enlarges it back, writes to it or deletes it', async () => {
    const name = 'demo-mysql';
    const before = await cluster.find(resources.persistentVolumeClaims, name);
    assert.ok(before);
    const written = claimsWritten();
    const annotations = { 'example.org/by': 'hand' };
    await cluster.client.patchMerge(resources.persistentVolumeClaims, before.metadata, { metadata: { annotations } });
    await cluster.nudge();
    await cluster.ready();
    const after = await cluster.find(resources.persistentVolumeClaims, name);
    assert.equal(after?.metadata.annotations?.['example.org/by'], 'hand');
    assert.deepEqual([after?.metadata.uid, after?.spec], [before.metadata.uid, before.spec]);
    assert.equal(claimsWritten(), written);
  });

  it('stays as it is when it is a volume that somebody deletes while a pod holds it', async () => {
    const name = 'demo-kafka';
    const written = claimsWritten();
    await cluster.client.delete(resources.persistentVolumeClaims, { namespace: cluster.namespace, name });
    await cluster.nudge();
    await cluster.ready();
    const after = await cluster.find(resources.persistentVolumeClaims, name);
    assert.ok(after?.metadata.deletionTimestamp, 'it waits for its pod');
    assert.equal(claimsWritten(), written);
  });
});

/** Every kind that is made by a platform with some field or other. */
async function kindsOfAnyPlatform(): Promise<string[]> {
  const kinds = new Set<string>();
  for (const [field, proof] of Object.entries(proofs)) {
    if ('file' in proof) continue;
    const platform = buildPlatform(withField(buildPlatform(proof.given).spec, field, proof.to));
    for (const { kind } of (await recordRollout(platform)).children) kinds.add(kind);
  }
  return [...kinds].sort();
}
