/** A topic as it should be. */
export interface DesiredTopic {
  name: string;
  partitions: number;
  /** Every setting of its own; a setting that is not here has the broker's default. */
  config: Record<string, string>;
}

/** A topic as the broker has it, with the settings that are its own. */
export interface ActualTopic {
  partitions: number;
  config: Record<string, string>;
}

export interface TopicRefusal {
  topic: string;
  message: string;
}

/** What has to be done, and what cannot be done. */
export interface TopicPlan {
  create: DesiredTopic[];
  grow: { name: string; partitions: number }[];
  /** Kafka sets all settings of a topic at once: these are all of them. */
  configure: { name: string; config: Record<string, string> }[];
  refusals: TopicRefusal[];
}

const sameConfig = (one: Record<string, string>, other: Record<string, string>): boolean => {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
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
    if (!sameConfig(found.config, topic.config)) plan.configure.push({ name: topic.name, config: topic.config });
  }
  return plan;
}

const shrinkRefused = ({ name, partitions }: DesiredTopic, found: ActualTopic): TopicRefusal => ({
  topic: name,
  message: `${name} has ${found.partitions} partitions and ${partitions} are wanted: Kafka cannot remove partitions. Ask for ${found.partitions} or more`,
});
