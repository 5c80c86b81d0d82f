import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { type KafkaAccess, kafkaClient } from '../servers/kafka-client.ts';
import { type ActualTopic, type DesiredTopic, planTopics, type TopicPlan, type TopicRefusal } from './plan.ts';

const { ConfigResourceTypes } = kafkajs;

/** Makes the topics on these brokers what is wanted; answers with what cannot be done. */
export type ApplyTopics = (kafka: KafkaAccess, desired: readonly DesiredTopic[]) => Promise<TopicRefusal[]>;

/** More copies than brokers are refused; three survive the loss of one broker. */
const wantedCopies = 3;

/** DescribeConfigs: the value was set for this topic, and is not a default. */
const setOnTopic = 1;

/** A short-lived connection: topics are looked at rarely, and an idle connection of kafkajs costs processor time. */
export const applyTopics: ApplyTopics = async (access, desired) => {
  const kafka = kafkaClient(access, {
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 300 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const plan = planTopics(desired, await actualTopics(admin, desired));
    await carryOut(admin, plan);
    return plan.refusals;
  } finally {
    await admin.disconnect();
  }
};

async function actualTopics(admin: Admin, desired: readonly DesiredTopic[]): Promise<Map<string, ActualTopic>> {
  const existing = new Set(await admin.listTopics());
  const names = desired.map(({ name }) => name).filter((name) => existing.has(name));
  if (names.length === 0) return new Map();
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    }),
  ]);
  const configs = new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, ownEntries(configEntries)]),
  );
  return new Map(
    topics.map(({ name, partitions }) => {
      const replicationFactor = partitions[0]?.replicas.length ?? 1;
      return [name, { partitions: partitions.length, replicationFactor, config: configs.get(name) ?? {} }];
    }),
  );
}

const ownEntries = (entries: { configName: string; configValue: string; configSource: number }[]) =>
  Object.fromEntries(
    entries
      .filter(({ configSource }) => configSource === setOnTopic)
      .map(({ configName, configValue }) => [configName, configValue]),
  );

const entriesOf = (config: Record<string, string>) => Object.entries(config).map(([name, value]) => ({ name, value }));

async function carryOut(admin: Admin, { create, grow, configure }: TopicPlan): Promise<void> {
  if (create.length > 0) await createAll(admin, create);
  if (grow.length > 0) {
    await admin.createPartitions({
      topicPartitions: grow.map(({ name, partitions }) => ({ topic: name, count: partitions })),
    });
  }
  if (configure.length > 0) {
    await admin.alterConfigs({
      validateOnly: false,
      resources: configure.map(({ name, config }) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configEntries: entriesOf(config),
      })),
    });
  }
}

async function createAll(admin: Admin, topics: readonly DesiredTopic[]): Promise<void> {
  const { brokers } = await admin.describeCluster();
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ name, partitions, config, replicationFactor }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: replicationFactor ?? Math.min(brokers.length, wantedCopies),
      configEntries: entriesOf(config),
    })),
  });
}
