/** Keeps a producer and a consumer connected and does nothing, for the test of what that costs. */
import Type from 'typebox';
import { createKafka } from '../kafka/client.ts';
import { createLogger } from '../logger.ts';

const [brokers = '', topic = ''] = process.argv.slice(2);
const logger = createLogger({ component: 'test', level: 'silent' });
const kafka = createKafka({ brokers, clientId: 'idle', logger });
const producer = kafka.producer();
await producer.publish(topic, [{ key: '1', value: '1' }]);
kafka.consume({
  topic,
  group: `${topic}.idle`,
  schema: Type.Number(),
  handleBatch: async () => void process.stdout.write('consumed\n'),
  deadLetter: async () => undefined,
});
