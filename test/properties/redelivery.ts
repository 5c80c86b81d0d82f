import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { topicName } from '../../services/shared/topics.ts';
import type { KafkaSettings } from '../backends/index.ts';
import type { Chance } from './chance.ts';

/** Sends messages of the platform's topics a second time, late and out of order. */
export interface Redelivery {
  /** Sends some of those that were seen until now; resolves to how many. */
  send(count: number, chance: Chance): Promise<number>;
  stop(): Promise<void>;
}

interface Message {
  topic: string;
  key: Buffer | null;
  value: Buffer | null;
}

const topics = ['likes', 'uploads'] as const;

/** Listens as a group of its own, which the platform does not know. */
export async function startRedelivery({ KAFKA_BROKERS, KAFKA_TOPIC_PREFIX }: KafkaSettings): Promise<Redelivery> {
  const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), clientId: 'redelivery', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: `redelivery-${KAFKA_TOPIC_PREFIX}` });
  const seen: Message[] = [];
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({
    topics: topics.map((topic) => topicName(KAFKA_TOPIC_PREFIX, topic)),
    fromBeginning: true,
  });
  await consumer.run({
    eachMessage: async ({ topic, message: { key, value } }) => {
      seen.push({ topic, key, value });
    },
  });

  return {
    send: async (count, chance) => {
      if (seen.length === 0) return 0;
      const messages = Array.from({ length: count }, () => chance.pick(seen));
      const byTopic = Map.groupBy(messages, ({ topic }) => topic);
      const topicMessages = [...byTopic].map(([topic, ofTopic]) => ({
        topic,
        messages: ofTopic.map(({ key, value }) => ({ key, value })),
      }));
      await producer.sendBatch({ topicMessages });
      return messages.length;
    },
    stop: async () => {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}
