import { each, letOutWithMaintenance, type Proofs, readersOf, told, toldInSecret } from '../proof.ts';
import { storageProofs } from './storage.ts';

const kafka = { external: { brokers: ['kafka.example.org:9092'] } };
const sasl = { mechanism: 'scram-sha-512', credentialsSecretRef: { name: 'login' } } as const;
const readers = readersOf.kafka;

const loginOf = (mechanism: string, secret: string): string =>
  JSON.stringify({ mechanism, username: `username of ${secret}`, password: `password of ${secret}` });

/** Every topic of a platform, without its prefix. */
export const topicIds = [
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
  'kafka.external.tls.caSecretRef.name': {
    given: {
      kafka: { external: { ...kafka.external, tls: { caSecretRef: { name: 'old' } } } },
      transcoder: { autoscaling: { mode: 'keda' } },
    },
    to: 'other',
    makes: {
      ...told(readers, 'KAFKA_TLS', 'of other'),
      'TriggerAuthentication demo-transcoder spec secretTargetRef old': 'unset',
      'TriggerAuthentication demo-transcoder spec secretTargetRef other': {
        parameter: 'ca',
        name: 'other',
        key: 'ca.crt',
      },
    },
  },
  'kafka.external.sasl.mechanism': {
    given: { kafka: { external: { ...kafka.external, sasl } } },
    to: 'scram-sha-256',
    makes: toldInSecret(readers, 'KAFKA_SASL', loginOf('scram-sha-256', 'login')),
  },
  'kafka.external.sasl.credentialsSecretRef.name': {
    given: { kafka: { external: { ...kafka.external, sasl } } },
    to: 'other',
    makes: toldInSecret(readers, 'KAFKA_SASL', loginOf('scram-sha-512', 'other')),
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
