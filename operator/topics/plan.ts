/** A topic as it should be. */
export interface DesiredTopic {
  name: string;
  partitions: number;
  /** Settings that the platform cares about; whatever else is set on the topic is somebody else's, and stays. */
  config: Record<string, string>;
  /** Copies of each partition; as many as usual when absent. */
  replicationFactor?: number | undefined;
  /** Settings that the platform has set before: where it does not want them any more they go. */
  formerly?: readonly string[];
}

/** A topic as the broker has it, with the settings that are its own. */
export interface ActualTopic {
  partitions: number;
  replicationFactor?: number;
  config: Record<string, string>;
  /** How many were ever sent to it. */
  messages?: number;
}

export interface TopicRefusal {
  topic: string;
  message: string;
}

/** What has to be done, and what cannot be done. */
export interface TopicPlan {
  create: DesiredTopic[];
  grow: { name: string; partitions: number }[];
  /** Kafka sets all settings of a topic at once, and forgets what is left out: these are all of them, those of others too. */
  configure: { name: string; config: Record<string, string> }[];
  refusals: TopicRefusal[];
}

const isConfigured = (found: ActualTopic, topic: DesiredTopic): boolean =>
  Object.entries(topic.config).every(([name, value]) => found.config[name] === value) &&
  outdated(topic).every((name) => !(name in found.config));

/** Settings that were ours and are wanted no more. */
const outdated = ({ config, formerly = [] }: DesiredTopic): string[] => formerly.filter((name) => !(name in config));

/** What others have set, and what we want. */
const wholeConfig = (found: ActualTopic, topic: DesiredTopic): Record<string, string> => {
  const gone = outdated(topic);
  const others = Object.entries(found.config).filter(([name]) => !gone.includes(name));
  return { ...Object.fromEntries(others), ...topic.config };
};

/** Compares what should be with what is. Topics that are not wanted here belong to somebody else and are left alone. */
export function planTopics(desired: readonly DesiredTopic[], actual: ReadonlyMap<string, ActualTopic>): TopicPlan {
  const plan: TopicPlan = { create: [], grow: [], configure: [], refusals: [] };
  for (const topic of desired) {
    const found = actual.get(topic.name);
    if (!found) {
      plan.create.push(topic);
      continue;
    }
    if (found.partitions < topic.partitions) plan.grow.push({ name: topic.name, partitions: topic.partitions });
    if (found.partitions > topic.partitions) plan.refusals.push(shrinkRefused(topic, found));
    if (differs(found, topic)) plan.refusals.push(copiesRefused(topic, found));
    if (!isConfigured(found, topic)) plan.configure.push({ name: topic.name, config: wholeConfig(found, topic) });
  }
  return plan;
}

const shrinkRefused = ({ name, partitions }: DesiredTopic, found: ActualTopic): TopicRefusal => ({
  topic: name,
  message: `${name} has ${found.partitions} partitions and ${partitions} are wanted: Kafka cannot remove partitions. Ask for ${found.partitions} or more`,
});

const differs = (found: ActualTopic, { replicationFactor }: DesiredTopic): boolean =>
  replicationFactor !== undefined &&
  found.replicationFactor !== undefined &&
  found.replicationFactor !== replicationFactor;

const copiesRefused = ({ name, replicationFactor }: DesiredTopic, found: ActualTopic): TopicRefusal => ({
  topic: name,
  message: `${name} has ${found.replicationFactor} copies of a partition and ${replicationFactor} are wanted: only who runs the brokers can move copies (kafka-reassign-partitions). Have it done, or ask for ${found.replicationFactor}`,
});
