import Type, { type Static } from 'typebox';
import { topics } from '../../services/shared/topics.ts';
import { choice, integer, objectName, rules, section, texts } from './schema.ts';

const topic = (id: 'likes' | 'uploads', carries: string) =>
  section(
    {
      partitions: integer({
        minimum: 1,
        maximum: 1000,
        default: topics[id].partitions,
        description: 'Partitions; at most this many consumers share the work. It can only grow.',
        ...rules({
          rule: 'self >= oldSelf',
          message: `topics.${id}.partitions cannot decrease: Kafka cannot remove partitions. Keep the old number or a larger one`,
        }),
      }),
      retentionHours: integer({
        minimum: 1,
        maximum: 8760,
        default: topics[id].retentionHours,
        description: 'How long an event is kept.',
      }),
    },
    { description: carries },
  );

/** What is sent is lost sooner than the platform knows of by these. */
const keepsMessages = {
  rule: "self.all(name, !(name in ['retention.ms', 'retention.bytes', 'cleanup.policy']))",
  message:
    'topics.config must not decide what Kafka keeps: set retentionHours instead of retention.ms, and leave out retention.bytes and cleanup.policy',
};

const areSettings = {
  rule: "self.all(name, name.matches('^[a-z]+([.][a-z]+)+$'))",
  message: 'names in topics.config must be settings of a topic of Kafka: write min.insync.replicas for example',
};

const KafkaTopic = Type.Object(
  {
    cluster: objectName(
      'Name of the Kafka object of Strimzi. Its Topic Operator must watch the namespace of the platform.',
    ),
  },
  { description: 'Where KafkaTopic objects belong to.' },
);

export const Topics = section(
  {
    mode: choice(['builtin', 'kafkaTopic'], {
      default: 'builtin',
      description:
        'Who makes the topics and keeps them as they are wanted: builtin, the operator, at the brokers; kafkaTopic, the Topic Operator of Strimzi (0.49 or later), by a KafkaTopic object for each.',
    }),
    kafkaTopic: Type.Optional(KafkaTopic),
    likes: topic('likes', 'Likes and unlikes on their way to the database.'),
    uploads: topic('uploads', 'Uploads that wait to be transcoded.'),
    replicationFactor: Type.Optional(
      integer({
        minimum: 1,
        maximum: 16,
        description:
          'Copies of each partition, of every topic of the platform; three, or as many as there are brokers, when absent. Only a topic that is made gets them.',
      }),
    ),
    config: texts(
      {
        description:
          'More settings of every topic of the platform, such as min.insync.replicas. One that is taken away again gets the default of the brokers.',
        ...rules(keepsMessages, areSettings),
      },
      { maxLength: 256 },
    ),
    deletionPolicy: choice(['Retain', 'Delete'], {
      default: 'Retain',
      description:
        'What happens to the topics on a Kafka of yours when the object is deleted: Retain leaves them with what waits in them, Delete deletes them. Those of the embedded Kafka stay or go with its volume.',
    }),
  },
  {
    description: 'Kafka topics that can be set; the platform keeps topics of retries and of dead letters beside them.',
    ...rules(
      {
        rule: "self.mode == oldSelf.mode || self.mode == 'kafkaTopic'",
        message:
          'topics.mode cannot go back to builtin: Strimzi deletes a topic with its KafkaTopic. Keep kafkaTopic, or create a new platform',
      },
      {
        rule: "has(self.kafkaTopic) == (self.mode == 'kafkaTopic')",
        message:
          'topics.kafkaTopic and topics.mode kafkaTopic need each other: name the Kafka of Strimzi in topics.kafkaTopic.cluster, or remove both',
      },
    ),
  },
);

const leavesTopics = (spec: string) =>
  `(${spec}.topics.mode == 'builtin' && ${spec}.topics.deletionPolicy == 'Retain')`;

/** Rules about topics that depend on where Kafka is; of the whole spec, so what an object says already is let be. */
export const topicsNeedBrokers = rules({
  optionalOldSelf: true,
  rule: `has(self.kafka.external) || ${leavesTopics('self')} || (oldSelf.hasValue() && !${leavesTopics('oldSelf.value()')})`,
  message:
    'topics.mode kafkaTopic and topics.deletionPolicy Delete are for a Kafka that you run: describe it in kafka.external, or leave them out',
});

export const TopicStatus = Type.Object({
  name: Type.String({ maxLength: 255, description: 'Name on the brokers.' }),
  partitions: Type.Integer({ format: 'int32', description: 'Partitions that it has.' }),
  messages: Type.Integer({
    format: 'int64',
    description:
      'Messages that were ever sent to it. Fewer than before means that it is another topic of the same name.',
  }),
  recreatedTime: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'When it was last found to have lost what was in it: somebody deleted it, and it was made again.',
    }),
  ),
});
export type TopicStatus = Static<typeof TopicStatus>;
