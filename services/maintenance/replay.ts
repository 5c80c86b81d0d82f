import { setTimeout as pause } from 'node:timers/promises';
import type { Static, TSchema } from 'typebox';
import { reasonOf } from '../shared/kafka/aside.ts';
import type { KafkaPort } from '../shared/kafka/client.ts';
import type { RawMessage, Received } from '../shared/kafka/message.ts';
import type { Producer } from '../shared/kafka/producer.ts';
import type { Logger } from '../shared/logger.ts';
import { type TopicId, topicName } from '../shared/topics.ts';

export interface Replay<Schema extends TSchema> {
  from: TopicId;
  to: TopicId;
  schema: Schema;
  /** Makes ready for the message to be handled again; a sentence when it must not be. */
  prepare(message: Static<Schema>): Promise<string | undefined>;
  /** After the message was sent. */
  sent?(message: Static<Schema>): Promise<void>;
}

export interface ReplayPorts {
  kafka: Pick<KafkaPort, 'consume' | 'backlog'>;
  producer: Pick<Producer, 'publish'>;
  topicPrefix: string;
  logger: Logger;
}

export type ReplayResult = Record<'replayed' | 'refused' | 'unreadable', number>;

const lookMs = 300;

/**
 * Sends the dead letters that are there now back to where they came from, each once: the next replay goes on after them.
 * One that is cut off may send some of them twice, which is harmless. What cannot be read stays a dead letter.
 */
export async function replay<Schema extends TSchema>(ports: ReplayPorts, plan: Replay<Schema>): Promise<ReplayResult> {
  const { kafka, topicPrefix, logger } = ports;
  const result: ReplayResult = { replayed: 0, refused: 0, unreadable: 0 };
  const query = { topic: topicName(topicPrefix, plan.from), group: `${topicPrefix}.replay-${plan.from}` };
  const end = new Map((await kafka.backlog(query)).map((backlog) => [backlog.partition, backlog.end]));
  if (end.size === 0) return result;
  const consumer = kafka.consume({
    ...query,
    schema: plan.schema,
    handleBatch: async (messages) => {
      for (const message of messages) result[await sendBack(ports, plan, message)] += 1;
    },
    deadLetter: async (message, reason) => {
      logger.warn({ ...about(message), reason }, 'a dead letter cannot be read: it stays where it is');
      result.unreadable += 1;
    },
  });
  const isLeft = async () =>
    (await kafka.backlog(query)).some(({ partition, next }) => next < (end.get(partition) ?? 0n));
  while (await isLeft()) await pause(lookMs);
  await consumer.stop();
  return result;
}

async function sendBack<Schema extends TSchema>(
  { producer, topicPrefix, logger }: ReplayPorts,
  { to, prepare, sent }: Replay<Schema>,
  received: Received<Static<Schema>>,
): Promise<'replayed' | 'refused'> {
  const { key, value, message } = received;
  const refusal = await prepare(message);
  if (refusal !== undefined) {
    logger.warn({ ...about(received), message, refusal }, 'a dead letter is not replayed');
    return 'refused';
  }
  await producer.publish(topicName(topicPrefix, to), [{ key, value }]);
  await sent?.(message);
  logger.info({ ...about(received), message, failure: reasonOf(received) }, 'a dead letter is replayed');
  return 'replayed';
}

const about = ({ topic, partition, offset }: RawMessage) => ({ topic, partition, offset });
