import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import { childName } from '../resources/names.ts';
import { childMeta } from '../resources/owner.ts';
import { desiredTopics } from './desired.ts';
import type { DesiredTopic } from './plan.ts';

/** A KafkaTopic of Strimzi, as far as it is used here. */
export interface KafkaTopic {
  spec: { topicName: string; partitions: number; replicas?: number; config: Record<string, string> };
  status?: {
    observedGeneration?: number;
    conditions?: { type?: string; status?: string; reason?: string; message?: string }[];
  };
}

/** Says to Strimzi on which of its Kafkas the topic is. */
export const clusterLabel = 'strimzi.io/cluster';

/** The KafkaTopics of a platform; none where the operator makes the topics itself. */
export function kafkaTopicsOf(platform: TiktokLite): Manifest<KafkaTopic>[] {
  const { kafkaTopic } = platform.spec.topics;
  return kafkaTopic ? desiredTopics(platform).map((topic) => kafkaTopicFor(platform, kafkaTopic.cluster, topic)) : [];
}

/**
 * Has the Topic Operator of Strimzi make the topic. It deletes the topic with the object, which therefore belongs to nobody
 * when topics are to be retained, so that it outlives the platform.
 */
function kafkaTopicFor(
  platform: TiktokLite,
  cluster: string,
  { name: topicName, partitions, replicationFactor, config }: DesiredTopic,
): Manifest<KafkaTopic> {
  const objectName = topicName.slice(kafkaAddress(platform).topicPrefix.length + 1);
  const { ownerReferences, labels, ...metadata } = childMeta(platform, 'topics', childName(platform, objectName));
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: {
      ...metadata,
      labels: { ...labels, [clusterLabel]: cluster },
      ...(platform.spec.topics.deletionPolicy === 'Delete' ? { ownerReferences } : {}),
    },
    spec: {
      topicName,
      partitions,
      ...(replicationFactor === undefined ? {} : { replicas: replicationFactor }),
      config,
    },
  };
}
