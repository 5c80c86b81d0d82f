/**
 * The ceiling that likes are compared with: Koa and one event to Kafka, acknowledged by every in-sync replica and batched
 * as the services batch. Usage: produce-only.ts BROKERS TOPIC
 */
import Koa from 'koa';
import { createKafka } from '../../../services/shared/kafka/client.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { announcePort } from './announce-port.ts';

const [brokers = '', topic = ''] = process.argv.slice(2);
const logger = createLogger({ component: 'bench', level: 'warn' });
const producer = createKafka({ brokers, clientId: 'bench', logger }).producer();
const id = 4_503_599_627_370_496;
let count = 0;
const app = new Koa();
app.use(async (ctx) => {
  count += 1;
  const like = { userId: id + count, videoId: id, authorId: id, version: id, liked: true };
  await producer.publish(topic, [{ key: String(like.userId), value: JSON.stringify(like) }]);
  ctx.body = { status_code: 0, status_msg: 'ok' };
});
announcePort(app);
