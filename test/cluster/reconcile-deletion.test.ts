import assert from 'node:assert/strict';
import type { V1Secret } from '@kubernetes/client-node';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { keepFinalizer } from '../../operator/secrets/keep.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

const generated = ['demo-cache', 'demo-database', 'demo-object-store', 'demo-signing-keys'];
const claims = ['demo-kafka', 'demo-mysql', 'demo-object-store'];

describe('a generated Secret', function () {
  this.timeout(90_000);

  let cluster: OperatedCluster;
  beforeEach(async () => {
    cluster = await operatedCluster();
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
  });
  afterEach(() => cluster.stop());

  const secret = async (name = 'demo-signing-keys'): Promise<Live<V1Secret>> => {
    const live = await cluster.find(resources.secrets, name);
    assert.ok(live, `the Secret ${name} is there`);
    return live;
  };
  const keyOf = (name: string) => ({ namespace: cluster.namespace, name });

  /** Until the Secret is there, held and settled; it is not watched, so the operator is woken. */
  const kept = (name = 'demo-signing-keys') =>
    eventually('the Secret is kept', async () => {
      await cluster.nudge();
      const live = await cluster.find(resources.secrets, name);
      const copy = await cluster.find(resources.secrets, `${name}-copy`);
      if (!live || live.metadata.deletionTimestamp || copy) return undefined;
      const isHeld = live.metadata.finalizers?.includes(keepFinalizer);
      return isHeld && !live.metadata.annotations?.['tiktoklite.dev/restored'] ? live : undefined;
    });

  it('is made again with the same data when somebody deletes it', async () => {
    for (const name of generated) {
      const before = await secret(name);
      await cluster.client.delete(resources.secrets, keyOf(name));
      assert.ok((await secret(name)).metadata.deletionTimestamp, 'its finalizer holds it back');
      const after = await kept(name);
      assert.notEqual(after.metadata.uid, before.metadata.uid);
      assert.deepEqual(after.data, before.data);
    }
    await cluster.ready();
  });

  it('survives an operator that stops at any point of that', async () => {
    const { client } = cluster;
    const before = await secret();
    const { labels = {} } = before.metadata;
    const copy = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...keyOf('demo-signing-keys-copy'), labels, finalizers: [keepFinalizer] },
      data: before.data ?? {},
    };
    const letGo = async () => {
      await client.patchMerge(resources.secrets, keyOf('demo-signing-keys'), { metadata: { finalizers: [] } });
      await client.delete(resources.secrets, keyOf('demo-signing-keys'));
    };
    const stages: [string, () => Promise<unknown>][] = [
      [
        'the copy was written',
        async () => {
          await client.delete(resources.secrets, keyOf('demo-signing-keys'));
          await client.create(resources.secrets, copy);
        },
      ],
      [
        'an old copy was there',
        async () => {
          await client.delete(resources.secrets, keyOf('demo-signing-keys'));
          await client.create(resources.secrets, { ...copy, data: { keys: 'b2xk' } });
        },
      ],
      [
        'the old Secret was let go',
        async () => {
          await client.create(resources.secrets, copy);
          await letGo();
        },
      ],
      [
        'the new Secret was made',
        async () => {
          await client.create(resources.secrets, copy);
          await client.patchMerge(resources.secrets, keyOf('demo-signing-keys'), {
            metadata: { annotations: { 'tiktoklite.dev/restored': 'true' } },
          });
        },
      ],
      [
        'the copy was removed',
        () =>
          client.patchMerge(resources.secrets, keyOf('demo-signing-keys'), {
            metadata: { annotations: { 'tiktoklite.dev/restored': 'true' } },
          }),
      ],
    ];
    for (const [stage, arrange] of stages) {
      await cluster.run(false);
      await arrange();
      assert.deepEqual((await kept()).data, before.data, `after ${stage}`);
    }
  });

  it('is never overwritten', async () => {
    const data = {
      keys: Buffer.from('[{"kid":"mine","secret":"of-the-platform-team-and-long-enough"}]').toString('base64'),
    };
    await cluster.client.patchMerge(resources.secrets, keyOf('demo-signing-keys'), { data });
    await eventually('the services read it', async () => {
      await cluster.nudge();
      const settings = await cluster.find(resources.secrets, 'demo-auth');
      return settings?.data?.AUTH_SIGNING_KEYS === data.keys;
    });
    assert.deepEqual((await secret()).data, data);
  });

  it('is not made up a second time when a volume opens only with the first one', async () => {
    await cluster.client.patchMerge(resources.secrets, keyOf('demo-database'), { metadata: { finalizers: [] } });
    await cluster.client.delete(resources.secrets, keyOf('demo-database'));
    const condition = await eventually('the loss is told', async () => {
      await cluster.nudge();
      const secrets = await cluster.condition('SecretsReady');
      return secrets?.status === 'False' ? secrets : undefined;
    });
    assert.match(
      condition.message,
      /demo-database is gone while the volume demo-mysql.*restore the Secret.*or delete the volume/,
    );
  });

  it('is read one by one: Secrets are never listed or watched', async () => {
    const requests = cluster.requests();
    const verbs = new Set(requests.filter(({ resource }) => resource === 'secrets').map(({ verb }) => verb));
    assert.ok(verbs.has('get'));
    assert.equal(verbs.has('list') || verbs.has('watch'), false);
    assert.deepEqual(
      requests.filter(({ code }) => code === 403),
      [],
      'the rights of the chart are enough',
    );
  });
});

describe('deleting a platform', function () {
  this.timeout(90_000);

  let cluster: OperatedCluster;
  beforeEach(async () => {
    cluster = await operatedCluster();
    await cluster.run(true);
  });
  afterEach(() => cluster.stop());

  const remove = async () => {
    await cluster.client.delete(tiktokLites, { namespace: cluster.namespace, name: 'demo' });
    await eventually('the platform is gone', async () => !(await cluster.find(tiktokLites, 'demo')));
  };
  const ownersOfClaims = async () =>
    (await cluster.list(resources.persistentVolumeClaims)).map(({ metadata }) => [
      metadata.name,
      metadata.ownerReferences?.length ?? 0,
    ]);

  it('retains generated Secrets and volumes, and the next platform of this name takes them', async () => {
    await cluster.apply();
    await cluster.ready();
    const before = await Promise.all(generated.map((name) => cluster.find(resources.secrets, name)));
    await remove();
    assert.deepEqual(
      await ownersOfClaims(),
      claims.map((name) => [name, 0]),
    );
    for (const [index, name] of generated.entries()) {
      const live = await cluster.find(resources.secrets, name);
      assert.deepEqual(live?.data, before[index]?.data);
      assert.deepEqual([live?.metadata.finalizers ?? [], live?.metadata.ownerReferences ?? []], [[], []]);
    }
    await cluster.collectGarbage();
    await cluster.apply();
    await cluster.ready();
    for (const [index, name] of generated.entries()) {
      const live = await cluster.find(resources.secrets, name);
      assert.deepEqual([live?.data, live?.metadata.finalizers], [before[index]?.data, [keepFinalizer]]);
    }
  });

  it('deletes both where the object says so', async () => {
    await cluster.apply({ deletionPolicy: 'Delete' });
    await cluster.ready();
    assert.deepEqual(
      await ownersOfClaims(),
      claims.map((name) => [name, 1]),
    );
    await remove();
    for (const name of generated) assert.equal(await cluster.find(resources.secrets, name), undefined, name);
  });

  it('keeps the volumes when the policy changed just before', async () => {
    await cluster.apply({ deletionPolicy: 'Delete' });
    await cluster.ready();
    await cluster.apply({ deletionPolicy: 'Retain' });
    await remove();
    assert.deepEqual(
      await ownersOfClaims(),
      claims.map((name) => [name, 0]),
    );
    assert.ok(await cluster.find(resources.secrets, 'demo-database'));
  });
});
