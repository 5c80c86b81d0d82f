import kafkajs, { type Kafka as Client, type KafkaConfig } from 'kafkajs';
import { saslOptions, tlsOptions } from '../../services/shared/settings.ts';

const { Kafka, logLevel } = kafkajs;

/** Which brokers to start from and how to log in, as the settings KAFKA_TLS and KAFKA_SASL have it; in the open when absent. */
export interface KafkaAccess {
  brokers: readonly string[];
  tls?: string;
  sasl?: string;
}

/** The operator as a client of a Kafka; what fails is told to whoever asked. */
export function kafkaClient(
  { brokers, tls = 'off', sasl = 'none' }: KafkaAccess,
  patience: Partial<KafkaConfig>,
): Client {
  const [ssl, login] = [tlsOptions(tls), saslOptions(sasl)];
  return new Kafka({
    clientId: 'tiktok-lite-operator',
    brokers: [...brokers],
    ...(ssl && { ssl }),
    ...(login && { sasl: login }),
    ...patience,
    logLevel: logLevel.NOTHING,
  });
}
