import type { Producer } from '../shared/kafka/producer.ts';
import { type LikeEvent, topicName } from '../shared/topics.ts';

export interface LikeEvents {
  /** Resolves when the like cannot be lost any more; else an ApiError that asks to repeat it, which is safe. */
  publish(like: LikeEvent): Promise<void>;
}

/** Sends likes to Kafka, those of one user in order. */
export const createLikeEvents = (producer: Producer, topicPrefix: string): LikeEvents => {
  const topic = topicName(topicPrefix, 'likes');
  return {
    publish: ({ userId, videoId, authorId, version, liked }) => {
      const event: LikeEvent = { userId, videoId, authorId, version, liked };
      return producer.publish(topic, [{ key: String(userId), value: JSON.stringify(event) }]);
    },
  };
};
