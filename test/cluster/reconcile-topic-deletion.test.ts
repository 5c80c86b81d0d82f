import assert from 'node:assert/strict';
import kafkajs, { type Admin, type Kafka as Client } from 'kafkajs';
import { tiktokLites } from '../../operator/mirrors.ts';
import { applyTopics, deleteTopics } from '../../operator/topics/apply.ts';
import { sharedBackends } from '../backends/index.ts';
import { eventually } from '../eventually.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

const { Kafka, logLevel, Partitioners } = kafkajs;

describe('topics on a Kafka that people run', function () {
  this.timeout(120_000);

  let cluster: OperatedCluster;
  let kafka: object;
  let client: Client;
  let admin: Admin;
  let areReachable = true;
  before(async () => {
    const { brokers } = await sharedBackends().kafka;
    kafka = { external: { brokers } };
    client = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
    cluster = await operatedCluster({
      applyTopics,
      deleteTopics: async (access, names) => {
        if (!areReachable) throw new Error('the brokers are away');
        await deleteTopics(access, names);
      },
    });
    await cluster.run(true);
  });
  after(async () => {
    await cluster?.stop();
    await admin?.disconnect();
  });

  const topics = async () =>
    (await admin.listTopics()).filter((topic) => topic.startsWith(`${cluster.namespace}.demo.`)).length;
  const begin = (policy: string) => cluster.apply({ kafka, topics: { deletionPolicy: policy } });
  const remove = () => cluster.client.delete(tiktokLites, { namespace: cluster.namespace, name: 'demo' });
  const gone = () => eventually('the platform is gone', async () => !(await cluster.find(tiktokLites, 'demo')));

  it('stay when the platform goes', async () => {
    await begin('Retain');
    await cluster.ready();
    await remove();
    await gone();
    assert.equal(await topics(), 7);
    await cluster.collectGarbage();
  });

  it('deletes them with the platform where the object says so', async () => {
    await begin('Delete');
    await cluster.ready();
    await remove();
    await gone();
    await eventually('no topic is left', async () => (await topics()) === 0);
    await cluster.collectGarbage();
  });

  it('hold up the platform while brokers are away, which it says, and no more when they are to be left', async () => {
    await begin('Delete');
    await cluster.ready();
    areReachable = false;
    await remove();
    const message = await eventually('the failure is told', async () => {
      const condition = await cluster.condition('TopicsReady');
      return condition?.reason === 'DeletionPending' && condition.message;
    });
    assert.match(
      message,
      /cannot be deleted: the brokers are away; .* To leave them, set topics\.deletionPolicy to Retain/,
    );
    await begin('Retain');
    await gone();
    assert.equal(await topics(), 7);
  });

  it('that somebody deleted are made again, and what was lost is told', async () => {
    await cluster.collectGarbage();
    await begin('Retain');
    await cluster.ready();
    const name = `${cluster.namespace}.demo.likes`;
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: name, messages: [{ value: '1' }, { value: '2' }] });
    await producer.disconnect();
    const seen = async () => (await cluster.platform()).status?.topics?.find((topic) => topic.name === name);
    // Brokers are asked again when something else is wanted of them.
    await cluster.apply({ kafka, topics: { config: { 'segment.ms': '60000' } } });
    await eventually('the messages are seen', async () => (await seen())?.messages === 2);
    await admin.deleteTopics({ topics: [name] });
    await cluster.apply({ kafka, topics: {} });
    await eventually('the loss is noted', async () => (await seen())?.recreatedTime !== undefined);
    assert.deepEqual([await topics(), (await seen())?.messages], [7, 0]);
  });
});
