import { type TopicId, topicName, topics } from '../../services/shared/topics.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import type { DesiredTopic } from './plan.ts';

const hourMs = 3_600_000;

/** The topics of a platform, as the object wants them; those that it cannot set are as the table of topics says. */
export function desiredTopics(platform: TiktokLite): DesiredTopic[] {
  const { topicPrefix } = kafkaAddress(platform);
  const { likes, uploads, replicationFactor, config } = platform.spec.topics;
  const settable: Partial<Record<TopicId, { partitions: number; retentionHours: number }>> = { likes, uploads };
  const formerly = platform.status?.topicSettings ?? [];
  return (Object.keys(topics) as TopicId[]).map((id) => {
    const { partitions, retentionHours } = settable[id] ?? topics[id];
    return {
      name: topicName(topicPrefix, id),
      partitions,
      replicationFactor,
      config: { ...config, 'retention.ms': String(retentionHours * hourMs) },
      formerly,
    };
  });
}
