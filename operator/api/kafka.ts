import Type, { type Static } from 'typebox';
import { choice, portPattern, reference, rules, shaped } from './schema.ts';
import { embedded, immutable, oneOf, prefix, staysWhere, tls } from './server.ts';

const isBroker = shaped(
  `^[A-Za-z0-9.-]+:${portPattern}$`,
  'must be host:port: write kafka.example.org:9092 for example',
);

const Sasl = Type.Object(
  {
    mechanism: choice(['plain', 'scram-sha-256', 'scram-sha-512'], {
      description: 'How the password is shown to be known.',
    }),
    credentialsSecretRef: reference('Secret with the keys username and password.'),
  },
  { description: 'Brokers are logged in to.' },
);
export type Sasl = Static<typeof Sasl>;

export const Kafka = Type.Object(
  {
    embedded: embedded('Apache Kafka in KRaft mode', { size: '10Gi', ephemeral: false }),
    external: Type.Optional(
      Type.Object(
        {
          brokers: Type.Array(Type.String({ maxLength: 260, ...rules(isBroker) }), {
            minItems: 1,
            maxItems: 16,
            description: 'Brokers to start from, each host:port.',
          }),
          tls: tls('Each broker'),
          sasl: Type.Optional(Sasl),
        },
        {
          description: 'A Kafka cluster that you run.',
          ...rules({
            rule: "!has(self.sasl) || self.sasl.mechanism != 'plain' || has(self.tls)",
            message:
              'kafka.external.sasl.mechanism plain shows the password to everybody without tls: add tls, or take scram-sha-512',
          }),
        },
      ),
    ),
    topicPrefix: prefix('topic and consumer group'),
  },
  {
    default: { embedded: {} },
    description: 'Where likes and uploads wait for their workers. Exactly one of embedded and external.',
    ...rules(
      oneOf('kafka', 'external'),
      staysWhere('kafka', 'external'),
      immutable('kafka', 'topicPrefix', 'what waits in the old topics would be lost'),
    ),
  },
);
