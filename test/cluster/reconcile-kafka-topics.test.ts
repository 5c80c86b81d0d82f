import assert from 'node:assert/strict';
import type { Live } from '../../operator/kubernetes/objects.ts';
import { kafkaTopics, tiktokLites } from '../../operator/mirrors.ts';
import type { KafkaTopic } from '../../operator/topics/kafka-topic.ts';
import { sharedBackends } from '../backends/index.ts';
import { eventually } from '../eventually.ts';
import { installKafkaTopicDefinition, uninstallDefinition } from './foreign-definitions.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

describe('topics that Strimzi makes', function () {
  this.timeout(300_000);

  let cluster: OperatedCluster;
  let kafka: object;
  const asked: string[] = [];
  before(async () => {
    kafka = { external: { brokers: (await sharedBackends().kafka).brokers } };
    cluster = await operatedCluster({
      applyTopics: async (_, desired) => {
        asked.push(...desired.map(({ name }) => name));
        return { refusals: [], found: [] };
      },
    });
    await cluster.run(true);
  });
  after(() => cluster?.stop());

  const spec = (topics: object = {}) => ({
    kafka,
    topics: { mode: 'kafkaTopic', kafkaTopic: { cluster: 'main' }, ...topics },
  });
  const grown = { likes: { partitions: 12 } };
  const said = (reason: string) =>
    eventually(`TopicsReady says ${reason}`, async () => {
      const condition = await cluster.condition('TopicsReady');
      return condition?.reason === reason && condition.message;
    });
  /** What the Topic Operator would say of a topic. */
  const judge = async ({ metadata }: Live<KafkaTopic>, verdict: object) => {
    const lastTransitionTime = new Date().toISOString();
    const conditions = [{ type: 'Ready', lastTransitionTime, ...verdict }];
    const status = { observedGeneration: metadata.generation, conditions };
    await cluster.client.patchMerge(kafkaTopics, metadata, { status }, { subresource: 'status' });
  };
  const judgeAll = async (verdict: object) => {
    for (const topic of await cluster.list(kafkaTopics)) await judge(topic, verdict);
  };
  const owners = async () =>
    (await cluster.list(kafkaTopics)).map(({ metadata }) => metadata.ownerReferences?.length ?? 0);

  it('wait where the cluster has no Strimzi', async () => {
    await uninstallDefinition(cluster.client, kafkaTopics);
    await cluster.apply(spec());
    assert.match(await said('StrimziMissing'), /install Strimzi 0\.49 or later, or set topics\.mode to builtin/);
  });

  it('are KafkaTopics that Strimzi’s own definition takes, and are waited for', async () => {
    await installKafkaTopicDefinition(cluster.client);
    await cluster.apply(spec({ replicationFactor: 1, config: { 'min.insync.replicas': '1' } }));
    const objects = await eventually('a KafkaTopic for each topic', async () => {
      const all = await cluster.list(kafkaTopics);
      return all.length === 7 && all;
    });
    const likes = objects.find(({ metadata }) => metadata.name === 'demo-likes');
    assert.deepEqual(likes?.spec, {
      topicName: `${cluster.namespace}.demo.likes`,
      partitions: 6,
      replicas: 1,
      config: { 'min.insync.replicas': '1', 'retention.ms': String(7 * 24 * 3_600_000) },
    });
    assert.equal(likes?.metadata.labels?.['strimzi.io/cluster'], 'main');
    assert.match(await said('TopicsPending'), /waits for the Topic Operator of the Kafka main/);
    await judgeAll({ status: 'True' });
    await cluster.ready();
    assert.deepEqual(asked, [], 'the operator asks no broker about topics');
  });

  it('say what Strimzi says, and are right again when it does', async () => {
    await cluster.apply(spec(grown));
    const likes = await eventually('the topic is to grow', async () => {
      const live = await cluster.find(kafkaTopics, 'demo-likes');
      return live?.spec?.partitions === 12 && live;
    });
    await judge(likes, { status: 'False', reason: 'NotSupported', message: 'no more partitions today' });
    assert.match(await said('NotSupported'), /the KafkaTopic demo-likes is not ready: no more partitions today/);
    assert.equal((await cluster.condition('Stalled'))?.status, 'True');
    await judgeAll({ status: 'True' });
    await cluster.ready();
  });

  it('outlive the platform where they are retained, and go with it where they are not, whatever was said before', async () => {
    assert.deepEqual(new Set(await owners()), new Set([0]));
    await cluster.apply(spec({ ...grown, deletionPolicy: 'Delete' }));
    await eventually('they belong to the platform', async () => !(await owners()).includes(0));
    const remove = async () => {
      await cluster.client.delete(tiktokLites, { namespace: cluster.namespace, name: 'demo' });
      await eventually('the platform is gone', async () => !(await cluster.find(tiktokLites, 'demo')));
    };
    await cluster.run(false);
    await cluster.apply(spec({ ...grown, deletionPolicy: 'Retain' }));
    await remove();
    assert.deepEqual(await owners(), Array(7).fill(0));
    await cluster.collectGarbage();

    await cluster.run(true);
    await cluster.apply(spec({ ...grown, deletionPolicy: 'Delete' }));
    await eventually('the next one takes them', async () => !(await owners()).includes(0));
    await judgeAll({ status: 'True' });
    await cluster.ready();
    await remove();
    assert.deepEqual(await owners(), Array(7).fill(1), 'for Kubernetes to delete');
  });
});
