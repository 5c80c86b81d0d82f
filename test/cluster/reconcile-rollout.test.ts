import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { V1Deployment } from '@kubernetes/client-node';
import { conditionTypes } from '../../operator/api/conditions.ts';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { sharedBackends } from '../backends/index.ts';
import { eventually } from '../eventually.ts';
import { nameWithoutPlatform, type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

const services = ['auth', 'gateway', 'like-writer', 'publish', 'transcoder', 'user', 'video'];
const servers = ['kafka', 'mysql', 'object-store', 'redis'];

const generations = (deployments: Live<V1Deployment>[]): Record<string, number | undefined> =>
  Object.fromEntries(deployments.map((live) => [nameWithoutPlatform(live), live.metadata.generation]));

describe('a rollout', function () {
  this.timeout(90_000);

  let cluster: OperatedCluster;
  beforeEach(async () => {
    cluster = await operatedCluster();
  });
  afterEach(() => cluster.stop());

  it('writes every condition in its first pass and says what it waits for', async () => {
    await cluster.apply();
    const waits = await eventually('the servers are waited for', async () => {
      const condition = await cluster.condition('Ready');
      return condition?.reason === 'ServersStarting' ? condition : undefined;
    });
    assert.match(waits.message, /mysql \(0 of 1\)/);
    const { metadata, status } = await cluster.platform();
    assert.deepEqual(
      status?.conditions?.map(({ type }) => type),
      [...conditionTypes],
    );
    assert.equal(status?.observedGeneration, metadata.generation);
    assert.equal((await cluster.condition('Accepted'))?.status, 'True');
    assert.equal((await cluster.condition('SecretsReady'))?.status, 'True');
    assert.deepEqual(
      [(await cluster.condition('Migrated'))?.status, (await cluster.condition('Migrated'))?.message],
      ['Unknown', 'waits for InfrastructureReady'],
    );
    assert.equal((await cluster.condition('Reconciling'))?.status, 'True');
    assert.deepEqual(await cluster.list(resources.deployments), [], 'no service runs before its database');
  });

  it('ends Ready, with every child owned and labelled, and tells its story', async () => {
    await cluster.run(true);
    // Below 30086 no Service gets a port that did not ask for it (KEP-3668).
    await cluster.apply({ gateway: { service: { nodePort: 30048 } } });
    const { metadata, status } = await cluster.ready();

    assert.equal(status?.url, 'http://127.0.0.1:30048');
    assert.equal(status?.transcoders, '1/1');
    assert.equal(status?.version, '1.2.3');
    assert.deepEqual(
      status?.components?.map(({ name }) => name),
      [...services, ...servers].sort(),
    );
    assert.deepEqual((await cluster.list(resources.deployments)).map(nameWithoutPlatform).sort(), services);
    assert.deepEqual((await cluster.list(resources.statefulSets)).map(nameWithoutPlatform).sort(), servers);
    for (const resource of [
      resources.deployments,
      resources.statefulSets,
      resources.services,
      resources.configMaps,
      resources.jobs,
    ]) {
      for (const child of await cluster.list<object>(resource)) {
        if (child.metadata.name === 'kube-root-ca.crt') continue;
        assert.equal(child.metadata.ownerReferences?.[0]?.uid, metadata.uid, `${child.metadata.name} is owned`);
        assert.equal(child.metadata.labels?.['app.kubernetes.io/instance'], 'demo');
      }
    }
    const story = await eventually('the story is told to its end', async () => {
      const events = await cluster.list(resources.events);
      const reasons = events.map(({ reason }) => reason);
      return reasons.includes('Ready') ? reasons : undefined;
    });
    for (const reason of [
      'Accepted',
      'SecretsInPlace',
      'ServersStarting',
      'ServersReady',
      'TopicsInPlace',
      'Migrating',
      'Migrated',
      'ServicesReady',
    ]) {
      assert.ok(story.includes(reason), `${reason} is told`);
    }
  });

  it('writes nothing when there is nothing to do', async () => {
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    await pause(500);
    const before = cluster.writes();
    for (let time = 0; time < 3; time += 1) {
      await cluster.nudge();
      await pause(300);
    }
    assert.deepEqual(cluster.writes().slice(before.length), []);
  });

  it('reverts what somebody changed, added or deleted by hand', async () => {
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    const { client, namespace } = cluster;
    const key = { namespace, name: 'demo-video' };
    const addition = { name: 'EXTRA', value: 'by-hand' };
    await client.patchJson(
      resources.deployments,
      key,
      [
        { op: 'replace', path: '/spec/replicas', value: 3 },
        { op: 'add', path: '/spec/template/spec/containers/0/env', value: [addition] },
      ],
      { fieldManager: 'kubectl-edit' },
    );
    await client.delete(resources.configMaps, { namespace, name: 'demo-auth' });
    await client.patchMerge(
      resources.secrets,
      { namespace, name: 'demo-auth' },
      { data: { DATABASE_PASSWORD: 'eA==' } },
    );
    await eventually('the Deployment is as before', async () => {
      const live = await cluster.find(resources.deployments, 'demo-video');
      return live?.spec?.replicas === 1 && !JSON.stringify(live.spec).includes('by-hand');
    });
    await eventually('the ConfigMap is back', () => cluster.find(resources.configMaps, 'demo-auth'));
    await eventually('the Secret is as before', async () => {
      await cluster.nudge();
      const secret = await cluster.find(resources.secrets, 'demo-auth');
      return secret?.data?.DATABASE_PASSWORD !== 'eA==';
    });
  });

  it('rolls exactly the component that reads a changed setting', async () => {
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    const before = generations(await cluster.list(resources.deployments));
    await cluster.apply({ feed: { pageSize: 7 } });
    await cluster.ready();
    const after = generations(await cluster.list(resources.deployments));
    assert.deepEqual(
      services.filter((name) => before[name] !== after[name]),
      ['video'],
    );
    const settings = await cluster.find(resources.configMaps, 'demo-video');
    assert.equal(settings?.data?.FEED_PAGE_SIZE, '7');
  });

  it('deletes what is no longer wanted, and no volume', async () => {
    await cluster.run(true);
    await cluster.apply({ cache: { embedded: { storage: { ephemeral: false } } } });
    await cluster.ready();
    assert.ok(await cluster.find(resources.persistentVolumeClaims, 'demo-redis'));
    const { host, port, password } = await sharedBackends().redis;
    await cluster.client.create(resources.secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'redis-login', namespace: cluster.namespace },
      stringData: { password },
    });
    await cluster.apply({ cache: { external: { host, port, passwordSecretRef: { name: 'redis-login' } } } });
    await cluster.ready();
    await eventually('the embedded Redis is gone', async () => {
      const names = [...(await cluster.list(resources.statefulSets)), ...(await cluster.list(resources.services))].map(
        nameWithoutPlatform,
      );
      return !names.includes('redis');
    });
    assert.ok(await cluster.find(resources.persistentVolumeClaims, 'demo-redis'), 'its volume stays');
    const secret = await cluster.find(resources.secrets, 'demo-video');
    assert.equal(Buffer.from(secret?.data?.CACHE_PASSWORD ?? '', 'base64').toString(), password);
  });

  it('waits for a Secret that the object refers to, and says which', async () => {
    await cluster.run(true);
    await cluster.apply({ cache: { external: { host: 'redis.example.org', passwordSecretRef: { name: 'later' } } } });
    const missing = await eventually('the Secret is asked for', async () => {
      const condition = await cluster.condition('SecretsReady');
      return condition?.reason === 'SecretMissing' ? condition : undefined;
    });
    assert.match(
      missing.message,
      /Secret later of spec\.cache\.external\.passwordSecretRef does not exist: create it with password/,
    );
  });

  it('tells which port is taken', async () => {
    await cluster.run(true);
    await cluster.apply({ gateway: { service: { nodePort: 30049 } } }, 'first');
    await cluster.ready('first');
    await cluster.apply({ gateway: { service: { nodePort: 30049 } } });
    const condition = await eventually('the port is refused', async () => {
      const accepted = await cluster.condition('Accepted');
      return accepted?.status === 'False' ? accepted : undefined;
    });
    assert.match(condition.message, /30049.*already allocated/);
    assert.equal((await cluster.condition('Stalled'))?.status, 'True');
  });

  it('does not touch an object of the same name that somebody else has made', async () => {
    await cluster.run(true);
    await cluster.client.create(resources.services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'demo-gateway', namespace: cluster.namespace },
      spec: { ports: [{ port: 80 }] },
    });
    await cluster.apply();
    const condition = await eventually('the name is taken', async () => {
      const accepted = await cluster.condition('Accepted');
      return accepted?.reason === 'NameTaken' ? accepted : undefined;
    });
    assert.match(condition.message, /demo-gateway exists and was not made by this operator: delete or rename it/);
  });

  it('changes nothing while it is paused, and goes on afterwards', async () => {
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
    await cluster.apply({ paused: true, feed: { pageSize: 9 } });
    await eventually('the pause is told', async () => (await cluster.condition('Paused'))?.status === 'True');
    const { metadata, status } = await cluster.platform();
    assert.ok((status?.observedGeneration ?? 0) < metadata.generation, 'the change is not taken for done');
    await cluster.client.delete(resources.configMaps, { namespace: cluster.namespace, name: 'demo-video' });
    await pause(500);
    assert.equal(await cluster.find(resources.configMaps, 'demo-video'), undefined);
    await cluster.apply({ feed: { pageSize: 9 } });
    await cluster.ready();
    assert.equal((await cluster.find(resources.configMaps, 'demo-video'))?.data?.FEED_PAGE_SIZE, '9');
    assert.equal((await cluster.condition('Paused'))?.status, 'False');
  });
});
