import Type from 'typebox';
import { choice, host, integer, origin, quantity, reference, rules, section } from './schema.ts';

interface StorageDefaults {
  size: string;
  ephemeral: boolean;
  /** Nothing is lost with the data: where it lies may change. */
  disposable?: boolean;
}

const staysPut = {
  rule: 'self.ephemeral == oldSelf.ephemeral',
  message: 'storage.ephemeral cannot change: the data would stay behind. Create a new platform instead',
};

const storage = (defaults: StorageDefaults) =>
  section(
    {
      size: quantity({
        default: defaults.size,
        description: 'Size of the volume. It may grow where the storage class can expand volumes.',
        ...rules({
          rule: 'quantity(string(self)).compareTo(quantity(string(oldSelf))) >= 0',
          message: 'storage.size cannot shrink: volumes only grow. Keep the old size or a larger one',
        }),
      }),
      className: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 253,
          description: 'Storage class of the volume; the default class of the cluster when absent.',
        }),
      ),
      ephemeral: Type.Boolean({
        default: defaults.ephemeral,
        description: 'Keep the data in the pod instead of on a volume: it is lost with the pod.',
      }),
    },
    {
      description: 'Where the embedded server keeps its data.',
      ...rules(
        {
          rule: "(has(self.className) ? self.className : '') == (has(oldSelf.className) ? oldSelf.className : '')",
          message: 'storage.className cannot change: a volume cannot move to another class. Create a new platform',
        },
        ...(defaults.disposable ? [] : [staysPut]),
      ),
    },
  );

const embedded = (server: string, defaults: StorageDefaults) =>
  Type.Optional(
    Type.Object(
      { storage: storage(defaults) },
      { description: `One ${server} inside the platform, for evaluation and development, not for production.` },
    ),
  );

const oneOf = (field: string, external: string) => ({
  rule: `has(self.embedded) != has(self.${external})`,
  message: `${field} needs exactly one of embedded and ${external}: write 'embedded: {}' or describe the server under '${external}'`,
});

const staysWhere = (field: string, external: string) => ({
  rule: `has(self.${external}) == has(oldSelf.${external})`,
  message: `${field} cannot switch between embedded and ${external}: its data would stay behind. Create a new platform and move the data`,
});

const immutable = (field: string, name: string, because: string) => ({
  rule: `(has(self.${name}) ? self.${name} : '') == (has(oldSelf.${name}) ? oldSelf.${name} : '')`,
  message: `${field}.${name} cannot be set, changed or removed later: ${because}. Create a new platform instead`,
});

/** A prefix that keeps the names of platforms apart on a shared server. */
const prefix = (what: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
      description: `What every ${what} starts with, so that platforms can share a server. Default: <namespace>.<name>. Immutable.`,
    }),
  );

const port = (preset: number) =>
  integer({ minimum: 1, maximum: 65535, default: preset, description: 'Port of the server.' });

export const Database = Type.Object(
  {
    embedded: embedded('MySQL-compatible server', { size: '10Gi', ephemeral: false }),
    external: Type.Optional(
      Type.Object(
        {
          host: host('Host name of the MySQL-compatible server.'),
          port: port(3306),
          database: Type.String({
            minLength: 1,
            maxLength: 64,
            pattern: '^[A-Za-z0-9_$-]+$',
            description: 'Name of an existing, empty schema that belongs to this platform.',
          }),
          credentialsSecretRef: reference('Secret with the keys username and password; the user may create tables.'),
        },
        { description: 'A MySQL-compatible server that you run: MySQL, MariaDB, RDS, PolarDB, TiDB, Vitess.' },
      ),
    ),
  },
  {
    default: { embedded: {} },
    description: 'Where rows are kept. Exactly one of embedded and external.',
    ...rules(oneOf('database', 'external'), staysWhere('database', 'external')),
  },
);

export const Cache = Type.Object(
  {
    embedded: embedded('Redis', { size: '1Gi', ephemeral: true, disposable: true }),
    external: Type.Optional(
      Type.Object(
        {
          mode: choice(['standalone', 'cluster'], {
            default: 'standalone',
            description: 'One server, or a Redis Cluster, whose other nodes are found through the one that host names.',
          }),
          host: host('Host name of the Redis server.'),
          port: port(6379),
          passwordSecretRef: reference('Secret with the key password.'),
        },
        { description: 'A Redis server or Redis Cluster that you run.' },
      ),
    ),
    keyPrefix: prefix('key'),
  },
  {
    default: { embedded: {} },
    description:
      'Where read models are kept; disposable, it fills again from the database. Exactly one of embedded and external, which may be switched.',
    ...rules(oneOf('cache', 'external'), immutable('cache', 'keyPrefix', 'likes on their way would be lost')),
  },
);

export const Kafka = Type.Object(
  {
    embedded: embedded('Apache Kafka in KRaft mode', { size: '10Gi', ephemeral: false }),
    external: Type.Optional(
      Type.Object(
        {
          brokers: Type.Array(Type.String({ maxLength: 260, pattern: '^[A-Za-z0-9.-]+:[0-9]{1,5}$' }), {
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

const bucket = (description: string) =>
  Type.String({ minLength: 3, maxLength: 63, pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$', description });

export const ObjectStore = Type.Object(
  {
    embedded: embedded('S3-compatible object server', { size: '20Gi', ephemeral: false }),
    s3: Type.Optional(
      Type.Object(
        {
          endpoint: origin('URL of the S3 API, for example https://s3.eu-central-1.amazonaws.com.'),
          region: Type.String({
            minLength: 1,
            maxLength: 64,
            default: 'us-east-1',
            description: 'Region that signatures name.',
          }),
          originalsBucket: bucket('Private bucket of the uploaded files; created if absent and allowed.'),
          mediaBucket: bucket('Bucket of the playable files, readable by anyone; created if absent and allowed.'),
          credentialsSecretRef: reference('Secret with the keys accessKeyId and secretAccessKey.'),
        },
        {
          description: 'S3 or a compatible service that you run: AWS S3, MinIO, Ceph, R2.',
          ...rules({
            rule: 'self.originalsBucket != self.mediaBucket',
            message:
              'originalsBucket and mediaBucket must differ: media is readable by anyone, originals by nobody. Name two buckets',
          }),
        },
      ),
    ),
    publicBaseUrl: Type.Optional(
      Type.String({
        maxLength: 1000,
        pattern: '^https?://[^\\s?#]*[^\\s?#/]$',
        description:
          'What a client puts before the name of a media object: the media bucket or a CDN before it, without a trailing slash. Required with s3; with embedded it defaults to the gateway.',
      }),
    ),
    prefix: prefix('object name'),
  },
  {
    default: { embedded: {} },
    description: 'Where uploaded and playable files are kept. Exactly one of embedded and s3.',
    ...rules(
      oneOf('objectStore', 's3'),
      staysWhere('objectStore', 's3'),
      immutable('objectStore', 'prefix', 'existing videos would not be found'),
      {
        rule: '!has(self.s3) || has(self.publicBaseUrl)',
        message:
          'objectStore.publicBaseUrl is required with s3: set it to the URL of the media bucket or of the CDN before it',
      },
    ),
  },
);
