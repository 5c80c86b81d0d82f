import { Kafka, type KafkaConfig, type LogEntry, logLevel } from 'kafkajs';
import type { TSchema } from 'typebox';
import type { Logger } from '../logger.ts';
import { type BatchConsumption, consumeBatches } from './batch-consumer.ts';
import type { RunningConsumer } from './consumer-life.ts';
import { consumeHeld, type HeldConsumption } from './held-consumer.ts';
import { guardIdleConnections } from './idle-guard.ts';
import { createProducer, type Producer } from './producer.ts';

export interface KafkaOptions {
  /** The setting KAFKA_BROKERS: host:port, comma-separated. */
  brokers: string;
  clientId: string;
  logger: Logger;
}

/** What the services need of Kafka; nothing else imports kafkajs. Topics and groups are given by their full names. */
export interface KafkaPort {
  producer(): Producer;
  /** Batches of one partition at a time, committed after `handleBatch`. */
  consume<Schema extends TSchema>(consumption: BatchConsumption<Schema>): RunningConsumer;
  /** One message of a partition at a time, kept for as long as its work takes. */
  consumeHeld<Schema extends TSchema>(consumption: HeldConsumption<Schema>): RunningConsumer;
}

export function createKafka({ brokers, clientId, logger }: KafkaOptions): KafkaPort {
  guardIdleConnections();
  const log = logger.child({ part: 'kafka' });
  const client = (config: Partial<KafkaConfig> = {}) =>
    new Kafka({
      brokers: brokers.split(',').map((broker) => broker.trim()),
      clientId,
      logLevel: logLevel.INFO,
      logCreator: () => (entry) => passOn(log, entry),
      connectionTimeout: 3_000,
      ...config,
    });
  return {
    producer: () => createProducer(client({ requestTimeout: 3_000, connectionTimeout: 1_000 }), log),
    consume: (consumption) => consumeBatches(client(), consumption, log),
    consumeHeld: (consumption) => consumeHeld(client(), consumption, log),
  };
}

/** kafkajs calls what it retries by itself an error: to an operator it is a warning, its chatter is for us. */
function passOn(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { message, error, broker, groupId } = log;
  const fields = { namespace, broker, groupId, reason: error };
  if (level === logLevel.ERROR) logger.warn(fields, message);
  else if (level === logLevel.WARN) logger.info(fields, message);
  else logger.debug(fields, message);
}
