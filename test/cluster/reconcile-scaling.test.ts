import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import kafkajs, { type Admin } from 'kafkajs';
import { resources } from '../../operator/kubernetes/resources.ts';
import { createLagReader, type Lag } from '../../operator/scaler/lag.ts';
import { sharedBackends } from '../backends/index.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

const { Kafka, logLevel } = kafkajs;
const lagOf = (lag: number): Lag => ({ lag, partitions: 8, offsets: [] });

describe('transcoders that follow their uploads', function () {
  this.timeout(180_000);

  let cluster: OperatedCluster;
  let reading: Lag | Error = lagOf(0);
  let readings = 0;
  const busyPod = '192.0.2.2';
  before(async () => {
    cluster = await operatedCluster({
      askWorker: async ({ host }) => ({ jobs: host === busyPod ? 1 : 0, busySeconds: 30 }),
      readLag: async () => {
        readings += 1;
        if (reading instanceof Error) throw reading;
        return reading;
      },
    });
    await cluster.run(true);
  });
  after(() => cluster?.stop());

  const quick = {
    mode: 'builtin',
    pollingSeconds: 1,
    cooldownSeconds: 2,
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    fallback: { failureThreshold: 1, replicas: 3 },
  };
  const transcoder = async () => cluster.find(resources.deployments, 'demo-transcoder');
  /** Whose the number of transcoders is. */
  const holders = async () =>
    ((await transcoder())?.metadata.managedFields ?? []).flatMap(({ fieldsV1, manager, subresource }) =>
      fieldsV1?.['f:spec']?.['f:replicas'] === undefined ? [] : [[manager, subresource]],
    );
  const has = (replicas: number) =>
    eventually(`${replicas} transcoders`, async () => (await transcoder())?.spec?.replicas === replicas);
  const says = (reason: string) =>
    eventually(`TranscoderScaling says ${reason}`, async () => {
      const condition = await cluster.condition('TranscoderScaling');
      return condition?.reason === reason && condition;
    });

  it('are as many as the object says without a scaler', async () => {
    await cluster.apply({ transcoder: { replicas: 2 } });
    await cluster.ready();
    assert.equal((await transcoder())?.spec?.replicas, 2);
    await says('FixedReplicas');
  });

  it('are none after the cooldown, and the platform is Ready all the same', async () => {
    await cluster.apply({ transcoder: { autoscaling: quick } });
    await has(0);
    await says('Idle');
    await cluster.ready();
  });

  it('are as many as the uploads need, in one step, and not by the operator’s own apply', async () => {
    reading = lagOf(17);
    await has(4);
    await says('FollowsLag');
    // After none at all the API server names nobody: a scale of zero leaves the field out.
    assert.ok((await holders()).every(([manager]) => manager === 'tiktok-lite-autoscaler'));
  });

  it('stay as many when the operator applies their Deployment again', async () => {
    await cluster.apply({ transcoder: { autoscaling: quick, labels: { team: 'video' } } });
    await eventually('the label', async () => (await transcoder())?.spec?.template.metadata?.labels?.team === 'video');
    assert.equal((await transcoder())?.spec?.replicas, 4);
  });

  it('are written about once, however often the lag is read', async () => {
    await says('FollowsLag');
    await cluster.ready();
    const [before, read] = [cluster.writes().length, readings];
    await eventually('three more looks', async () => readings >= read + 3);
    assert.equal(cluster.writes().length, before);
  });

  it('go where nothing is lost: those that work are marked before there are fewer', async () => {
    const { client, namespace } = cluster;
    const labels = (await transcoder())?.spec?.template.metadata?.labels ?? {};
    const containers = [{ name: 'worker', image: 'worker' }];
    for (const podIP of ['192.0.2.1', busyPod]) {
      const name = `demo-transcoder-${podIP.at(-1)}`;
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels }, spec: { containers } };
      await client.create(resources.pods, pod);
      const change = { status: { podIP, podIPs: [{ ip: podIP }] } };
      await client.patchMerge(resources.pods, { namespace, name }, change, { subresource: 'status' });
    }
    reading = lagOf(6);
    await has(2);
    const pods = await cluster.list(resources.pods);
    const costs = pods.map(({ metadata }) => metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']);
    assert.deepEqual(costs.sort(), ['0', '31']);
    for (const { metadata } of pods) await client.delete(resources.pods, metadata);
    reading = lagOf(17);
    await has(4);
  });

  it('are as many as the fallback says when the lag cannot be read, and the condition says why', async () => {
    reading = new Error('the brokers are away');
    const condition = await says('FallbackActive');
    assert.equal(condition.status, 'False');
    assert.match(condition.message, /the brokers are away/);
    await has(3);
  });

  it('are the object’s again with mode none', async () => {
    await cluster.apply({ transcoder: { replicas: 4 } });
    await has(4);
    await says('FixedReplicas');
    assert.deepEqual(await holders(), [['tiktok-lite-operator', undefined]]);
  });

  it('stay as many as they were when the scaler takes over', async () => {
    reading = lagOf(17);
    const seen = new Set<number | undefined>();
    await cluster.apply({ transcoder: { autoscaling: quick } });
    await eventually('the scaler at work', async () => {
      seen.add((await transcoder())?.spec?.replicas);
      return (await cluster.condition('TranscoderScaling'))?.reason === 'FollowsLag';
    });
    assert.deepEqual([...seen], [4]);
    assert.deepEqual(await holders(), [['tiktok-lite-autoscaler', 'scale']]);
  });

  it('are a HorizontalPodAutoscaler’s with mode hpa, whose number the operator leaves alone', async () => {
    await cluster.apply({ transcoder: { autoscaling: { mode: 'hpa', maxReplicas: 6 } } });
    await eventually('it', () => cluster.find(resources.horizontalPodAutoscalers, 'demo-transcoder'));
    await says('ScaledByProcessor');
    const { client, namespace } = cluster;
    const key = { namespace, name: 'demo-transcoder' };
    await client.scale(resources.deployments, key, 5, { fieldManager: 'kube-controller-manager' });
    await cluster.ready();
    await cluster.nudge();
    await cluster.apply({ transcoder: { autoscaling: { mode: 'hpa', maxReplicas: 6 }, labels: { team: 'five' } } });
    await eventually('the label', async () => (await transcoder())?.spec?.template.metadata?.labels?.team === 'five');
    assert.equal((await transcoder())?.spec?.replicas, 5);
  });

  it('wait for KEDA with mode keda where the cluster has none, which says what to do, and go on with none', async () => {
    await cluster.apply({ transcoder: { autoscaling: { mode: 'keda' } } });
    const condition = await eventually('what is missing', async () => {
      const found = await cluster.condition('ServicesAvailable');
      return found?.reason === 'KedaMissing' && found;
    });
    assert.match(condition.message, /install KEDA, or choose another transcoder\.autoscaling\.mode/);
    await cluster.apply({ transcoder: { replicas: 2 } });
    await has(2);
    await cluster.ready();
    assert.equal(await cluster.find(resources.horizontalPodAutoscalers, 'demo-transcoder'), undefined);
  });
});

describe('the lag of a group on a real Kafka', function () {
  this.timeout(90_000);

  const lags = createLagReader();
  let brokers: string[];
  let admin: Admin;
  before(async () => {
    ({ brokers } = await sharedBackends().kafka);
    admin = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
  });
  after(async () => {
    await lags.close();
    await admin.disconnect();
  });

  it('is what no commit covers yet, of all its topics', async () => {
    const prefix = `t${randomBytes(6).toString('hex')}`;
    const work = ['one', 'two'].map((name) => ({ topic: `${prefix}.${name}`, group: `${prefix}.${name}` }));
    const totals = async () => {
      const { lag, partitions } = await lags.read({ brokers }, work);
      return [lag, partitions];
    };
    await admin.createTopics({
      waitForLeaders: true,
      topics: work.map(({ topic }) => ({ topic, numPartitions: 2, replicationFactor: 1 })),
    });
    // A coordinator that has just been made loads for a moment, and says so.
    assert.deepEqual(await eventually('the groups are known', () => totals().catch(() => undefined)), [0, 2]);

    const producer = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    for (const { topic } of work)
      await producer.send({ topic, messages: [0, 0, 1].map((partition) => ({ value: 'x', partition })) });
    await producer.disconnect();
    assert.deepEqual(await totals(), [6, 2]);

    const [one] = work;
    await admin.setOffsets({
      groupId: one?.group ?? '',
      topic: one?.topic ?? '',
      partitions: [{ partition: 0, offset: '1' }],
    });
    assert.deepEqual(await totals(), [5, 2]);
    const { offsets } = await lags.read({ brokers }, work);
    assert.deepEqual(offsets.map(({ id, done, end }) => [id.slice(prefix.length), done, end]).sort(), [
      ['.one/0', 1, 2],
      ['.one/1', 0, 1],
      ['.two/0', 0, 2],
      ['.two/1', 0, 1],
    ]);
  });

  it('is an error soon when no broker answers', async () => {
    const startedMs = performance.now();
    await assert.rejects(
      lags.read({ brokers: ['127.0.0.1:1'] }, [{ topic: 'a', group: 'b' }]),
      /127\.0\.0\.1:1|ECONNREFUSED/,
    );
    assert.ok(performance.now() - startedMs < 10_000);
  });
});
