import { each, letOutWithMaintenance, type Proofs, readersOf, told } from '../proof.ts';
import { storageProofs } from './storage.ts';

const kafka = { external: { brokers: ['kafka.example.org:9092'] } };
const readers = readersOf.kafka;

const topicIds = [
  'likes',
  'likes-retry',
  'likes-dead-letter',
  'uploads',
  'uploads-retry',
  'uploads-dead-letter',
  'events',
];

/** Proofs of the fields of `kafka`. */
export const kafkaProofs: Proofs = {
  ...storageProofs('kafka', 'kafka'),
  'kafka.external.brokers[]': {
    given: { kafka },
    to: 'other.example.org:9093',
    makes: {
      ...told(readers, 'KAFKA_BROKERS', 'other.example.org:9093'),
      ...letOutWithMaintenance(readers, 3, 9093),
      brokers: ['other.example.org:9093'],
    },
  },
  'kafka.topicPrefix': {
    to: 'clips',
    makes: {
      ...told(readers, 'KAFKA_TOPIC_PREFIX', 'clips'),
      ...each(topicIds, (id) => ({
        [`topics shop.demo.${id}`]: 'unset',
        [`topics clips.${id}`]: new RegExp(`^{"name":"clips\\.${id}"`),
      })),
    },
  },
};
