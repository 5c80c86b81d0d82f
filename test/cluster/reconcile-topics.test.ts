import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import kafkajs, { type Admin } from 'kafkajs';
import { applyTopics } from '../../operator/topics/apply.ts';
import type { DesiredTopic } from '../../operator/topics/plan.ts';
import { sharedBackends } from '../backends/index.ts';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

describe('topics on a real Kafka', function () {
  this.timeout(90_000);

  let brokers: string[];
  let admin: Admin;
  before(async () => {
    ({ brokers } = await await sharedBackends().kafka);
    admin = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
  });
  after(() => admin.disconnect());

  const likes = (partitions: number, hours = 1): DesiredTopic => ({
    name: `${prefix}.likes`,
    partitions,
    config: { 'retention.ms': String(hours * 3_600_000) },
  });
  let prefix: string;
  beforeEach(() => {
    prefix = `t${randomBytes(6).toString('hex')}`;
  });

  const partitionsOf = async (topic: string): Promise<number> => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  };
  const ownSettings = async (topic: string): Promise<Record<string, string>> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const entries = resources[0]?.configEntries.filter(({ isDefault }) => !isDefault) ?? [];
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  };

  it('are made, grow, and get their settings back, with those of others', async () => {
    assert.deepEqual((await applyTopics({ brokers }, [likes(2)])).refusals, []);
    assert.equal(await partitionsOf(`${prefix}.likes`), 2);

    assert.deepEqual((await applyTopics({ brokers }, [likes(3, 2)])).refusals, []);
    assert.equal(await partitionsOf(`${prefix}.likes`), 3);
    assert.equal((await ownSettings(`${prefix}.likes`))['retention.ms'], '7200000');

    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: `${prefix}.likes`,
          configEntries: [{ name: 'max.message.bytes', value: '2000000' }],
        },
      ],
    });
    await applyTopics({ brokers }, [likes(3, 2)]);
    const settings = await ownSettings(`${prefix}.likes`);
    assert.deepEqual([settings['retention.ms'], settings['max.message.bytes']], ['7200000', '2000000']);
  });

  it('lose a setting that is wanted no more, and keep those of others', async () => {
    const set = { ...likes(1), config: { 'segment.ms': '60000', ...likes(1).config } };
    assert.deepEqual((await applyTopics({ brokers }, [{ ...set, replicationFactor: 1 }])).refusals, []);
    assert.equal((await ownSettings(`${prefix}.likes`))['segment.ms'], '60000');
    await applyTopics({ brokers }, [{ ...likes(1), formerly: ['segment.ms'] }]);
    const settings = await ownSettings(`${prefix}.likes`);
    assert.deepEqual([settings['segment.ms'], settings['retention.ms']], [undefined, '3600000']);
    const [refusal] = (await applyTopics({ brokers }, [{ ...likes(1), replicationFactor: 3 }])).refusals;
    assert.match(refusal?.message ?? '', /has 1 copies of a partition and 3 are wanted/);
  });

  it('never lose a partition: what cannot be done is said', async () => {
    await applyTopics({ brokers }, [likes(3)]);
    const [refusal] = (await applyTopics({ brokers }, [likes(2)])).refusals;
    assert.match(refusal?.message ?? '', /has 3 partitions and 2 are wanted/);
    assert.equal(await partitionsOf(`${prefix}.likes`), 3);
  });

  it('of others are left alone', async () => {
    await admin.createTopics({ topics: [{ topic: `${prefix}.of-others`, numPartitions: 1, replicationFactor: 1 }] });
    await applyTopics({ brokers }, [likes(1)]);
    assert.equal(await partitionsOf(`${prefix}.of-others`), 1);
  });

  it('fail soon and by name when no broker answers', async () => {
    const startedMs = performance.now();
    await assert.rejects(applyTopics({ brokers: ['127.0.0.1:1'] }, [likes(1)]), /127\.0\.0\.1:1|ECONNREFUSED/);
    assert.ok(performance.now() - startedMs < 10_000);
  });
});
