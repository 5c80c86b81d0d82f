import { elsewhere, type RefusedChange } from './refusal.ts';

/** What cannot be changed once it is there. */
export const refusedChanges: RefusedChange[] = [
  {
    what: 'fewer partitions for likes',
    before: { topics: { likes: { partitions: 6 } } },
    after: { topics: { likes: { partitions: 5 } } },
    says: 'spec.topics.likes.partitions: Invalid value: "integer": topics.likes.partitions cannot decrease: Kafka cannot remove partitions. Keep the old number or a larger one',
  },
  {
    what: 'fewer partitions for uploads',
    before: { topics: { uploads: { partitions: 8 } } },
    after: { topics: { uploads: { partitions: 4 } } },
    says: 'spec.topics.uploads.partitions: Invalid value: "integer": topics.uploads.partitions cannot decrease: Kafka cannot remove partitions. Keep the old number or a larger one',
  },
  {
    what: 'a smaller volume',
    before: { database: { embedded: { storage: { size: '2Gi' } } } },
    after: { database: { embedded: { storage: { size: '1500Mi' } } } },
    says: 'spec.database.embedded.storage.size: Invalid value: "": storage.size cannot shrink: volumes only grow. Keep the old size or a larger one',
  },
  {
    what: 'another storage class',
    before: {},
    after: { database: { embedded: { storage: { className: 'fast' } } } },
    says: 'spec.database.embedded.storage: Invalid value: "object": storage.className cannot change: a volume cannot move to another class. Create a new platform',
  },
  {
    what: 'data out of its volume',
    before: {},
    after: { kafka: { embedded: { storage: { ephemeral: true } } } },
    says: 'spec.kafka.embedded.storage: Invalid value: "object": storage.ephemeral cannot change: the data would stay behind. Create a new platform instead',
  },
  {
    what: 'a database that moves out',
    before: {},
    after: { database: elsewhere.database },
    says: 'spec.database: Invalid value: "object": database cannot switch between embedded and external: its data would stay behind. Create a new platform and move the data',
  },
  {
    what: 'Kafka that moves out',
    before: {},
    after: { kafka: elsewhere.kafka },
    says: 'spec.kafka: Invalid value: "object": kafka cannot switch between embedded and external: its data would stay behind. Create a new platform and move the data',
  },
  {
    what: 'an object store that moves out',
    before: {},
    after: { objectStore: { s3: elsewhere.s3, publicBaseUrl: elsewhere.media } },
    says: 'spec.objectStore: Invalid value: "object": objectStore cannot switch between embedded, s3 and oss: its data would stay behind. Create a new platform and move the data',
  },
  {
    what: 'topics that Strimzi has, taken back',
    before: { kafka: elsewhere.kafka, topics: { mode: 'kafkaTopic', kafkaTopic: { cluster: 'main' } } },
    after: { kafka: elsewhere.kafka, topics: {} },
    says: 'spec.topics: Invalid value: "object": topics.mode cannot go back to builtin: Strimzi deletes a topic with its KafkaTopic. Keep kafkaTopic, or create a new platform',
  },
  {
    what: 'another prefix of topics',
    before: { kafka: { embedded: {}, topicPrefix: 'a' } },
    after: { kafka: { embedded: {}, topicPrefix: 'b' } },
    says: 'spec.kafka: Invalid value: "object": kafka.topicPrefix cannot be set, changed or removed later: what waits in the old topics would be lost. Create a new platform instead',
  },
  {
    what: 'a prefix of topics that comes later',
    before: {},
    after: { kafka: { embedded: {}, topicPrefix: 'b' } },
    says: 'spec.kafka: Invalid value: "object": kafka.topicPrefix cannot be set, changed or removed later: what waits in the old topics would be lost. Create a new platform instead',
  },
  {
    what: 'another prefix of keys',
    before: { cache: { embedded: {}, keyPrefix: 'a' } },
    after: { cache: { embedded: {}, keyPrefix: 'b' } },
    says: 'spec.cache: Invalid value: "object": cache.keyPrefix cannot be set, changed or removed later: likes on their way would be lost. Create a new platform instead',
  },
  {
    what: 'a prefix of objects that goes',
    before: { objectStore: { embedded: {}, prefix: 'a' } },
    after: { objectStore: { embedded: {} } },
    says: 'spec.objectStore: Invalid value: "object": objectStore.prefix cannot be set, changed or removed later: existing videos would not be found. Create a new platform instead',
  },
];
