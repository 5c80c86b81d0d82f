import { Kafka, type KafkaConfig, type logCreator, logLevel } from 'kafkajs';
import type { TSchema } from 'typebox';
import type { Logger } from '../logger.ts';
import { type SettingsOf, saslOptions, tlsOptions } from '../settings.ts';
import { type Backlog, type BacklogQuery, readBacklog } from './backlog.ts';
import { type BatchConsumption, consumeBatches } from './batch-consumer.ts';
import type { RunningConsumer } from './consumer-life.ts';
import { consumeHeld, type HeldConsumption } from './held-consumer.ts';
import { guardIdleConnections } from './idle-guard.ts';
import { createProducer, type Producer } from './producer.ts';

export interface KafkaOptions {
  /** The setting KAFKA_BROKERS: host:port, comma-separated. */
  brokers: string;
  /** The settings KAFKA_TLS and KAFKA_SASL; in the open and without a login when absent. */
  tls?: string;
  sasl?: string;
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
  /** What a group has yet to commit, by partition; none where it is done. */
  backlog(query: BacklogQuery): Promise<Backlog[]>;
}

/** What a process is told about the brokers. */
export const kafkaFrom = (config: Pick<SettingsOf<'publish'>, 'KAFKA_BROKERS' | 'KAFKA_TLS' | 'KAFKA_SASL'>) => ({
  brokers: config.KAFKA_BROKERS,
  tls: config.KAFKA_TLS,
  sasl: config.KAFKA_SASL,
});

export function createKafka({ brokers, tls = 'off', sasl = 'none', clientId, logger }: KafkaOptions): KafkaPort {
  guardIdleConnections();
  const [ssl, login] = [tlsOptions(tls), saslOptions(sasl)];
  const log = logger.child({ part: 'kafka' });
  const logCreator = createLogCreator(log);
  const client = (config: Partial<KafkaConfig> = {}) =>
    new Kafka({
      brokers: brokers.split(',').map((broker) => broker.trim()),
      clientId,
      ...(ssl && { ssl }),
      ...(login && { sasl: login }),
      logLevel: logLevel.INFO,
      logCreator,
      connectionTimeout: 3_000,
      ...config,
    });
  return {
    producer: () => createProducer(client({ requestTimeout: 3_000, connectionTimeout: 1_000 }), log),
    consume: (consumption) => consumeBatches(client(), consumption, log),
    consumeHeld: (consumption) => consumeHeld(client(), consumption, log),
    backlog: (query) => readBacklog(client({ retry: { retries: 2 } }), query),
  };
}

/** While a broker is away kafkajs says the same many times a second: once in a while is enough. */
const repetitionMs = 10_000;

/** kafkajs calls what it retries by itself an error: to an operator it is a warning, its chatter is for us. */
function createLogCreator(logger: Logger): logCreator {
  const saidAtMs = new Map<string, number>();
  const isRepetition = (message: string): boolean => {
    const nowMs = performance.now();
    if (nowMs - (saidAtMs.get(message) ?? -repetitionMs) < repetitionMs) return true;
    if (saidAtMs.size > 100) saidAtMs.clear();
    saidAtMs.set(message, nowMs);
    return false;
  };
  return () =>
    ({ level, namespace, log }) => {
      const { message, error, broker, groupId } = log;
      const fields = { namespace, broker, groupId, reason: error };
      if (level >= logLevel.INFO || isRepetition(message)) logger.debug(fields, message);
      else if (level === logLevel.WARN) logger.info(fields, message);
      else logger.warn(fields, message);
    };
}
