import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { type KafkaAccess, kafkaClient } from '../servers/kafka-client.ts';
import { type ActualTopic, type DesiredTopic, planTopics, type TopicPlan, type TopicRefusal } from './plan.ts';
import type { FoundTopic } from './recreated.ts';

const { ConfigResourceTypes } = kafkajs;

export interface TopicReport {
  /** What cannot be done. */
  refusals: TopicRefusal[];
  /** The topics with what was in them before anything was done. */
  found: FoundTopic[];
}

/** Makes the topics on these brokers what is wanted. */
export type ApplyTopics = (kafka: KafkaAccess, desired: readonly DesiredTopic[]) => Promise<TopicReport>;

/** Deletes those of these topics that are there. */
export type DeleteTopics = (kafka: KafkaAccess, names: readonly string[]) => Promise<void>;

/** More copies than brokers are refused; three survive the loss of one broker. */
const wantedCopies = 3;

/** DescribeConfigs: the value was set for this topic, and is not a default. */
const setOnTopic = 1;

export const applyTopics: ApplyTopics = (access, desired) =>
  withAdmin(access, async (admin) => {
    const actual = await actualTopics(admin, desired);
    const plan = planTopics(desired, actual);
    await carryOut(admin, plan);
    const found = desired.map(({ name, partitions }) => {
      const before = actual.get(name);
      return { name, partitions: Math.max(partitions, before?.partitions ?? 0), messages: before?.messages ?? 0 };
    });
    return { refusals: plan.refusals, found };
  });

export const deleteTopics: DeleteTopics = (access, names) =>
  withAdmin(access, async (admin) => {
    const existing = await admin.listTopics();
    const topics = names.filter((name) => existing.includes(name));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });

/** A short-lived connection: topics are looked at rarely, and an idle connection of kafkajs costs processor time. */
async function withAdmin<Result>(access: KafkaAccess, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const kafka = kafkaClient(access, {
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 300 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function actualTopics(admin: Admin, desired: readonly DesiredTopic[]): Promise<Map<string, ActualTopic>> {
  const existing = new Set(await admin.listTopics());
  const names = desired.map(({ name }) => name).filter((name) => existing.has(name));
  if (names.length === 0) return new Map();
  const [{ topics }, { resources }, messages] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    }),
    Promise.all(names.map(async (name) => [name, await messagesEver(admin, name)] as const)).then(Object.fromEntries),
  ]);
  const configs = new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, ownEntries(configEntries)]),
  );
  return new Map(
    topics.map(({ name, partitions }) => {
      const replicationFactor = partitions[0]?.replicas.length ?? 1;
      const config = configs.get(name) ?? {};
      return [name, { partitions: partitions.length, replicationFactor, config, messages: messages[name] }];
    }),
  );
}

/** Retention removes messages from the beginning: this never falls while the topic is the same. */
const messagesEver = async (admin: Admin, topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);

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
