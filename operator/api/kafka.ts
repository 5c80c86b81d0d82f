import Type from 'typebox';
import { portPattern, rules, shaped } from './schema.ts';
import { embedded, immutable, oneOf, prefix, staysWhere } from './server.ts';

const isBroker = shaped(
  `^[A-Za-z0-9.-]+:${portPattern}$`,
  'must be host:port: write kafka.example.org:9092 for example',
);

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
        },
        { description: 'A Kafka cluster that you run.' },
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
