import type { TopicStatus } from '../api/topics.ts';

/** A topic as it was found. */
export type FoundTopic = Omit<TopicStatus, 'recreatedTime'>;

/**
 * What the status says of the topics. One to which fewer messages were ever sent than before has been deleted and made
 * again: kafkajs knows no ids of topics, by which brokers tell the two apart. One that has overtaken the old one by the time
 * of the next look is not noticed.
 */
export const topicStatuses = (
  previous: readonly TopicStatus[] | undefined,
  found: readonly FoundTopic[],
  now: string,
): TopicStatus[] =>
  found.map((topic) => {
    const before = previous?.find(({ name }) => name === topic.name);
    const recreatedTime = before && topic.messages < before.messages ? now : before?.recreatedTime;
    return recreatedTime === undefined ? topic : { ...topic, recreatedTime };
  });

/** A sentence for each topic of which the newer status says that it was made again. */
export const recreations = (
  previous: readonly TopicStatus[] | undefined,
  next: readonly TopicStatus[] | undefined,
): string[] =>
  (next ?? []).flatMap(({ name, messages, recreatedTime }) => {
    const before = previous?.find((topic) => topic.name === name);
    if (!before || recreatedTime === undefined || recreatedTime === before.recreatedTime) return [];
    return [
      `the topic ${name} was deleted and made again: ${before.messages} messages were sent to the old one and ${messages} to this one. What nobody had read of the old one is lost`,
    ];
  });
