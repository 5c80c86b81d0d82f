import { elsewhere, type Refusal } from './refusal.ts';

/** Everything else that is refused. */
export const otherRefusals: Refusal[] = [
  { what: 'an unknown field', spec: { sevices: {} }, says: 'unknown field "spec.sevices"' },
  {
    what: 'an unknown field below',
    spec: { services: { auth: { replica: 1 } } },
    says: 'unknown field "spec.services.auth.replica"',
  },
  {
    what: 'a word for a number',
    spec: { feed: { pageSize: 'many' } },
    says: 'spec.feed.pageSize: Invalid value: "string": spec.feed.pageSize in body must be of type integer: "string"',
  },
  {
    what: 'too long a page',
    spec: { feed: { pageSize: 31 } },
    says: 'spec.feed.pageSize: Invalid value: 31: spec.feed.pageSize in body should be less than or equal to 30',
  },
  {
    what: 'a word for a switch',
    spec: { paused: 'yes' },
    says: 'spec.paused: Invalid value: "string": spec.paused in body must be of type boolean: "string"',
  },
  {
    what: 'more pods of a service at least than at most',
    spec: { services: { video: { autoscaling: { minReplicas: 5, maxReplicas: 2 } } } },
    says: 'spec.services.video.autoscaling: Invalid value: "object": autoscaling.minReplicas must not be larger than maxReplicas: lower the one or raise the other',
  },
  {
    what: 'KafkaTopics of no Kafka of Strimzi',
    spec: { kafka: elsewhere.kafka, topics: { mode: 'kafkaTopic' } },
    says: 'spec.topics: Invalid value: "object": topics.kafkaTopic and topics.mode kafkaTopic need each other: name the Kafka of Strimzi in topics.kafkaTopic.cluster, or remove both',
  },
  {
    what: 'KafkaTopics of the embedded Kafka',
    spec: { topics: { mode: 'kafkaTopic', kafkaTopic: { cluster: 'main' } } },
    says: 'spec: Invalid value: "object": topics.mode kafkaTopic and topics.deletionPolicy Delete are for a Kafka that you run: describe it in kafka.external, or leave them out',
  },
  {
    what: 'topics of the embedded Kafka that are to be deleted',
    spec: { topics: { deletionPolicy: 'Delete' } },
    says: 'spec: Invalid value: "object": topics.mode kafkaTopic and topics.deletionPolicy Delete are for a Kafka that you run: describe it in kafka.external, or leave them out',
  },
  {
    what: 'topics that forget what the platform counts on',
    spec: { topics: { config: { 'cleanup.policy': 'compact' } } },
    says: 'spec.topics.config: Invalid value: "object": topics.config must not decide what Kafka keeps: set retentionHours instead of retention.ms, and leave out retention.bytes and cleanup.policy',
  },
  {
    what: 'a setting of a topic that is none',
    spec: { topics: { config: { 'Min ISR': '2' } } },
    says: 'spec.topics.config: Invalid value: "object": names in topics.config must be settings of a topic of Kafka: write min.insync.replicas for example',
  },
  {
    what: 'a quota below the largest upload',
    spec: { limits: { uploadMegabytes: 200, perUser: { uploadMegabytesPerDay: 100 } } },
    says: 'spec.limits: Invalid value: "object": limits.perUser.uploadMegabytesPerDay must be at least limits.uploadMegabytes: otherwise the largest upload could never be made',
  },
  {
    what: 'a limit of nothing',
    spec: { limits: { perUser: { likesPerMinute: 0 } } },
    says: 'spec.limits.perUser.likesPerMinute: Invalid value: 0: spec.limits.perUser.likesPerMinute in body should be greater than or equal to 1',
  },
  {
    what: 'an address for a network',
    spec: { limits: { exemptCidrs: ['10.0.0.1'] } },
    says: 'spec.limits.exemptCidrs[0]: Invalid value: "string": must be a network: write 10.0.0.0/8 or fc00::/7 for example, and a single address with /32 or /128',
  },
  {
    what: 'a namespace with a star',
    spec: { networkPolicy: { metricsNamespaces: ['*'] } },
    says: 'spec.networkPolicy.metricsNamespaces[0]: Invalid value: "string": must be the name of one namespace: lower-case letters, digits and dashes',
  },
  {
    what: 'more transcoders at least than at most',
    spec: { transcoder: { autoscaling: { mode: 'builtin', minReplicas: 3, maxReplicas: 2 } } },
    says: 'spec.transcoder.autoscaling: Invalid value: "object": autoscaling.minReplicas must not be larger than maxReplicas: lower the one or raise the other',
  },
  {
    what: 'an unknown deletion policy',
    spec: { deletionPolicy: 'Shred' },
    says: 'spec.deletionPolicy: Unsupported value: "Shred": supported values: "Retain", "Delete"',
  },
  {
    what: 'a password longer than the API takes',
    spec: { auth: { minPasswordLength: 33 } },
    says: 'spec.auth.minPasswordLength: Invalid value: 33: spec.auth.minPasswordLength in body should be less than or equal to 32',
  },
  {
    what: 'a schedule in words',
    spec: { warmup: { schedule: 'every day' } },
    says: 'spec.warmup.schedule: Invalid value: "string": must be the five fields of a cron schedule: write \'0 4 * * *\' for every day at four, for example',
  },
  {
    what: 'a schedule with seconds',
    spec: { warmup: { schedule: '0 0 4 * * *' } },
    says: 'spec.warmup.schedule: Invalid value: "string": must be the five fields of a cron schedule: write \'0 4 * * *\' for every day at four, for example',
  },
  {
    what: 'topics without a partition',
    spec: { topics: { likes: { partitions: 0 } } },
    says: 'spec.topics.likes.partitions: Invalid value: 0: spec.topics.likes.partitions in body should be greater than or equal to 1',
  },
];
