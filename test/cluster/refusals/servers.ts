import { elsewhere, type Refusal } from './refusal.ts';

/** Servers that cannot be meant. */
export const refusedServers: Refusal[] = [
  {
    what: 'a database embedded and external',
    spec: { database: { embedded: {}, ...elsewhere.database } },
    says: "spec.database: Invalid value: \"object\": database needs exactly one of embedded and external: write 'embedded: {}' or describe the server under 'external'",
  },
  {
    what: 'a database neither embedded nor external',
    spec: { database: {} },
    says: "spec.database: Invalid value: \"object\": database needs exactly one of embedded and external: write 'embedded: {}' or describe the server under 'external'",
  },
  {
    what: 'a database without credentials',
    spec: { database: { external: { host: 'db.example.org', database: 'clips' } } },
    says: 'spec.database.external.credentialsSecretRef: Required value',
  },
  {
    what: 'credentials in a Secret with a name that none can have',
    spec: {
      database: { external: { ...elsewhere.database.external, credentialsSecretRef: { name: 'DB_LOGIN' } } },
    },
    says: 'spec.database.external.credentialsSecretRef.name: Invalid value: "string": must be the name of an object of Kubernetes: lower-case letters, digits, dashes and dots',
  },
  {
    what: 'a database at a URL',
    spec: { database: { external: { ...elsewhere.database.external, host: 'mysql://db.example.org' } } },
    says: 'spec.database.external.host: Invalid value: "string": must be a host name or an address alone: leave out scheme, port and path',
  },
  {
    what: 'a database at port 0',
    spec: { database: { external: { ...elsewhere.database.external, port: 0 } } },
    says: 'spec.database.external.port: Invalid value: 0: spec.database.external.port in body should be greater than or equal to 1',
  },
  {
    what: 'a schema with a dot',
    spec: { database: { external: { ...elsewhere.database.external, database: 'clips.main' } } },
    says: 'spec.database.external.database: Invalid value: "string": must be the name of a schema: letters, digits, underscores, dollars and dashes',
  },
  {
    what: 'a cache embedded and external',
    spec: { cache: { embedded: {}, ...elsewhere.cache } },
    says: "spec.cache: Invalid value: \"object\": cache needs exactly one of embedded and external: write 'embedded: {}' or describe the server under 'external'",
  },
  {
    what: 'a cache of an unknown kind',
    spec: { cache: { external: { ...elsewhere.cache.external, mode: 'sentinel' } } },
    says: 'spec.cache.external.mode: Unsupported value: "sentinel": supported values: "standalone", "cluster"',
  },
  {
    what: 'a storage class for a cache in memory',
    spec: { cache: { embedded: { storage: { className: 'fast' } } } },
    says: 'spec.cache.embedded.storage: Invalid value: "object": storage.className has no effect with ephemeral: remove it, or set storage.ephemeral to false',
  },
  {
    what: 'a prefix with a colon',
    spec: { cache: { embedded: {}, keyPrefix: 'clips:' } },
    says: 'spec.cache.keyPrefix: Invalid value: "string": must be of lower-case letters, digits, dots and dashes, and begin and end with a letter or digit',
  },
  {
    what: 'Kafka embedded and external',
    spec: { kafka: { embedded: {}, ...elsewhere.kafka } },
    says: "spec.kafka: Invalid value: \"object\": kafka needs exactly one of embedded and external: write 'embedded: {}' or describe the server under 'external'",
  },
  {
    what: 'a broker without a port',
    spec: { kafka: { external: { brokers: ['kafka.example.org'] } } },
    says: 'spec.kafka.external.brokers[0]: Invalid value: "string": must be host:port: write kafka.example.org:9092 for example',
  },
  {
    what: 'a broker with a port that no server has',
    spec: { kafka: { external: { brokers: ['kafka.example.org:99999'] } } },
    says: 'spec.kafka.external.brokers[0]: Invalid value: "string": must be host:port: write kafka.example.org:9092 for example',
  },
  {
    what: 'a database with TLS at an address without a name',
    spec: { database: { external: { ...elsewhere.database.external, host: '192.0.2.1', tls: {} } } },
    says: 'spec.database.external: Invalid value: "object": database.external.host must be a name with tls: a certificate is looked at for a name, not for an address',
  },
  {
    what: 'a password for Kafka in the open',
    spec: {
      kafka: {
        external: {
          brokers: ['kafka.example.org:9092'],
          sasl: { mechanism: 'plain', credentialsSecretRef: { name: 'login' } },
        },
      },
    },
    says: 'spec.kafka.external: Invalid value: "object": kafka.external.sasl.mechanism plain shows the password to everybody without tls: add tls, or take scram-sha-512',
  },
  {
    what: 'an unknown way to log in to Kafka',
    spec: {
      kafka: {
        external: {
          brokers: ['kafka.example.org:9092'],
          sasl: { mechanism: 'gssapi', credentialsSecretRef: { name: 'login' } },
        },
      },
    },
    says: 'spec.kafka.external.sasl.mechanism: Unsupported value: "gssapi": supported values: "plain", "scram-sha-256", "scram-sha-512"',
  },
  {
    what: 'no broker at all',
    spec: { kafka: { external: { brokers: [] } } },
    says: 'spec.kafka.external.brokers: Invalid value: 0: spec.kafka.external.brokers in body should have at least 1 items',
  },
  {
    what: 'an object store embedded and s3',
    spec: { objectStore: { embedded: {}, s3: elsewhere.s3, publicBaseUrl: elsewhere.media } },
    says: "spec.objectStore: Invalid value: \"object\": objectStore needs exactly one of embedded, s3 and oss: write 'embedded: {}' or describe the server under 's3' or 'oss'",
  },
  {
    what: 's3 without the address of the media',
    spec: { objectStore: { s3: elsewhere.s3 } },
    says: 'spec.objectStore: Invalid value: "object": objectStore.publicBaseUrl is required with s3 and oss: set it to the URL of the media bucket or of the CDN before it',
  },
  {
    what: 'media at an address with a slash at its end',
    spec: { objectStore: { s3: elsewhere.s3, publicBaseUrl: `${elsewhere.media}/` } },
    says: 'spec.objectStore.publicBaseUrl: Invalid value: "string": must be an http:// or https:// URL: leave out a slash at the end, ? and #',
  },
  {
    what: 's3 at an address without a scheme',
    spec: { objectStore: { s3: { ...elsewhere.s3, endpoint: 's3.example.org' }, publicBaseUrl: elsewhere.media } },
    says: 'spec.objectStore.s3.endpoint: Invalid value: "string": must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
  },
  {
    what: 'one bucket for both',
    spec: { objectStore: { s3: { ...elsewhere.s3, mediaBucket: 'clips-originals' }, publicBaseUrl: elsewhere.media } },
    says: 'spec.objectStore.s3: Invalid value: "object": originalsBucket and mediaBucket must differ: media is readable by anyone, originals by nobody. Name two buckets',
  },
  {
    what: 'one bucket of OSS for both',
    spec: { objectStore: { oss: { ...elsewhere.s3, mediaBucket: 'clips-originals' }, publicBaseUrl: elsewhere.media } },
    says: 'spec.objectStore.oss: Invalid value: "object": originalsBucket and mediaBucket must differ: media is readable by anyone, originals by nobody. Name two buckets',
  },
  {
    what: 'a bucket with a capital letter',
    spec: { objectStore: { s3: { ...elsewhere.s3, mediaBucket: 'Clips' }, publicBaseUrl: elsewhere.media } },
    says: 'spec.objectStore.s3.mediaBucket: Invalid value: "string": must be the name of a bucket: lower-case letters, digits, dots and dashes, the first and the last a letter or digit',
  },
  {
    what: 'a size that is none',
    spec: { database: { embedded: { storage: { size: 'big' } } } },
    says: 'spec.database.embedded.storage.size: Invalid value: "": must be an amount as Kubernetes writes it: write 500m, 1.5, 256Mi or 10Gi for example',
  },
  {
    what: 'a size below nothing',
    spec: { kafka: { embedded: { storage: { size: '-1Gi' } } } },
    says: 'spec.kafka.embedded.storage.size: Invalid value: "": must be an amount as Kubernetes writes it: write 500m, 1.5, 256Mi or 10Gi for example',
  },
];
