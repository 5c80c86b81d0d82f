import { kafkaClient } from './kafka-client.ts';
import type { KafkaTarget } from './target.ts';

/** Asks the cluster who it consists of. */
export async function checkKafka({ addresses, tls, sasl }: KafkaTarget, patienceMs: number): Promise<void> {
  const brokers = addresses.map(({ host, port }) => `${host}:${port}`);
  const patience = { connectionTimeout: patienceMs, requestTimeout: patienceMs, retry: { retries: 0 } };
  const admin = kafkaClient({ brokers, tls, sasl }, patience).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}
