// A process that publishes and is killed before its event is known to be sent, for the test of killed publishers.
// Arguments: the settings of the backends and what is published, as JSON.
import { createPublications, type Publication } from '../../services/publish/repositories/publications.ts';
import { createKafka } from '../../services/shared/kafka/client.ts';
import { createLogger } from '../../services/shared/logger.ts';
import { connectDatabase } from '../../services/shared/mysql/database.ts';
import { sendSome } from '../../services/shared/outbox/send.ts';
import type { BackendSettings } from './settings.ts';

/** `commit`: nothing was sent; `send`: Kafka has it, and the outbox does not say so. */
export type Moment = 'commit' | 'send';

const [, , settingsText = '', publicationText = '', diesAfter] = process.argv;
const settings: BackendSettings = JSON.parse(settingsText);
const { eventId, ...publication }: Publication & { eventId: number } = JSON.parse(publicationText);

const die = () => process.kill(process.pid, 'SIGKILL');
const db = connectDatabase(settings);
await createPublications({ db, ids: { next: async () => eventId } }).add(publication);
if (diesAfter === 'send') {
  const logger = createLogger({ component: 'test', level: 'silent' });
  const kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'dying', logger });
  const producer = kafka.producer();
  const publish: typeof producer.publish = async (topic, messages) => {
    await producer.publish(topic, messages);
    die();
  };
  await sendSome({ db, producer: { publish }, topicPrefix: settings.KAFKA_TOPIC_PREFIX });
}
die();
