import { type Kafka, Partitioners } from 'kafkajs';
import { ApiError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { createAccumulator } from './accumulator.ts';

export interface OutgoingMessage {
  /** Messages with the same key stay in one partition. */
  key: string;
  value: string;
  headers?: Record<string, string>;
}

export interface Producer {
  /**
   * Resolves when every in-sync replica has the messages. Rejects with `not_saved` when that is not known within two
   * seconds: they may still arrive, so whoever repeats must make repeating harmless.
   */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

const everyInSyncReplica = -1;

/** A producer that connects when it is first needed, and again after every loss. */
export function createProducer(kafka: Kafka, logger: Logger): Producer {
  const driver = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
  });
  let connecting: Promise<void> | undefined;
  const connect = () => {
    connecting ??= driver.connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  const accumulator = createAccumulator<OutgoingMessage>({
    lingerMs: 2,
    batchItems: 500,
    maxSending: 4,
    maxWaitingItems: 20_000,
    deadlineMs: 2_000,
    send: async (topic, messages) => {
      await connect();
      await driver.send({ topic, acks: everyInSyncReplica, messages });
    },
  });
  connect().catch((error: unknown) =>
    logger.warn({ error }, 'Kafka cannot be reached: what is published is not saved'),
  );
  return {
    publish: async (topic, messages) => {
      try {
        await accumulator.add(topic, messages);
      } catch (cause) {
        throw new ApiError('not_saved', undefined, { cause });
      }
    },
    close: () => driver.disconnect(),
  };
}
