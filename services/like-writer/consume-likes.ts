import { isTemporary } from '../shared/errors.ts';
import { createAside } from '../shared/kafka/aside.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { RunningConsumer } from '../shared/kafka/consumer-life.ts';
import type { Received } from '../shared/kafka/message.ts';
import type { Producer } from '../shared/kafka/producer.ts';
import type { Logger } from '../shared/logger.ts';
import type { Knex } from '../shared/mysql/database.ts';
import type { ReadModels, Settlement } from '../shared/read-models/index.ts';
import { LikeEvent, likeWriterGroup, topicName } from '../shared/topics.ts';
import { writeLikes } from './write-likes.ts';

interface LikeConsumption {
  kafka: KafkaPort;
  producer: Producer;
  db: Knex;
  likes: Pick<ReadModels['likes'], 'settle'>;
  topicPrefix: string;
  /** A like that is older is not written: what would tell it from a new one may be gone. */
  lifetimeMs: number;
  logger: Logger;
  /** How long a like that could not be written waits before it is tried again. */
  retryAfterMs?: number;
}

const maxRetries = 5;

/** Likes from Kafka into rows and counters, then into the cache; the offset is committed last. */
export function consumeLikes({ retryAfterMs = 60_000, ...consumption }: LikeConsumption): RunningConsumer {
  const { kafka, producer, topicPrefix } = consumption;
  const aside = createAside({
    publish: producer.publish,
    retryTopic: topicName(topicPrefix, 'likesRetry'),
    deadLetterTopic: topicName(topicPrefix, 'likesDeadLetter'),
    maxRetries,
  });
  const write = createWrite(consumption);

  const common = {
    schema: LikeEvent,
    maxBatch: 500,
    handleBatch: async (messages: readonly Received<LikeEvent>[]) => {
      const oldestMs = Date.now() - consumption.lifetimeMs;
      const { late = [], timely = [] } = Object.groupBy(messages, ({ message }) =>
        message.version / 1000 < oldestMs ? 'late' : 'timely',
      );
      await Promise.all(late.map((message) => aside.keep(message, 'it is older than what tells it from a new one')));
      if (timely.length > 0) await write(timely.map(({ message }) => message));
    },
    deadLetter: aside.keep,
    retryLater: aside.retry,
  };
  const group = likeWriterGroup(topicPrefix);
  const consumers = [
    kafka.consume({ ...common, topic: topicName(topicPrefix, 'likes'), group }),
    kafka.consume({
      ...common,
      topic: topicName(topicPrefix, 'likesRetry'),
      group: `${group}-retry`,
      delayMs: retryAfterMs,
    }),
  ];
  return {
    joined: () => consumers.every((consumer) => consumer.joined()),
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}

function createWrite({ db, likes, logger }: Pick<LikeConsumption, 'db' | 'likes' | 'logger'>) {
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
  return async (events: readonly LikeEvent[]): Promise<void> => settle(await writeLikes(db, events));
}
