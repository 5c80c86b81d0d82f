import { isTemporary } from '../shared/errors.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { RunningConsumer } from '../shared/kafka/consumer-life.ts';
import type { RawMessage } from '../shared/kafka/message.ts';
import type { Producer } from '../shared/kafka/producer.ts';
import type { Logger } from '../shared/logger.ts';
import type { Knex } from '../shared/mysql/database.ts';
import type { ReadModels, Settlement } from '../shared/read-models/index.ts';
import { LikeEvent, topicName } from '../shared/topics.ts';
import { writeLikes } from './write-likes.ts';

interface LikeConsumption {
  kafka: KafkaPort;
  producer: Producer;
  db: Knex;
  likes: Pick<ReadModels['likes'], 'settle'>;
  topicPrefix: string;
  logger: Logger;
}

/** Likes from Kafka into rows and counters, then into the cache; the offset is committed last. */
export function consumeLikes({ kafka, producer, db, likes, topicPrefix, logger }: LikeConsumption): RunningConsumer {
  const deadLetters = topicName(topicPrefix, 'likesDeadLetter');

  const settle = async (settlement: Settlement): Promise<void> => {
    try {
      await likes.settle(settlement);
    } catch (error) {
      // A Redis that is away is waited for: what it still holds would else stay wrong when it comes back. Any other
      // refusal is no fault of the messages; the rows are right, and cached counts end with their time to live.
      if (isTemporary(error)) throw error;
      logger.error({ error }, 'Redis refused to settle likes that are written: counts may lag until they expire');
    }
  };

  return kafka.consume({
    topic: topicName(topicPrefix, 'likes'),
    group: `${topicPrefix}.like-writer`,
    schema: LikeEvent,
    maxBatch: 500,
    handleBatch: async (messages) =>
      settle(
        await writeLikes(
          db,
          messages.map(({ message }) => message),
        ),
      ),
    deadLetter: ({ key, value, headers, ...origin }, reason) =>
      producer.publish(deadLetters, [{ key, value, headers: { ...headers, ...reasonHeaders(origin, reason) } }]),
  });
}

const reasonHeaders = (
  { topic, partition, offset }: Omit<RawMessage, 'key' | 'value' | 'headers'>,
  reason: string,
) => ({
  'dead-letter-reason': reason,
  'dead-letter-origin': `${topic}/${partition}/${offset}`,
});
