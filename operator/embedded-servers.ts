import type { ImageName } from '../services/shared/images.ts';
import type { TiktokLite, TiktokLiteSpec } from './api/tiktok-lite.ts';
import type { Amounts } from './components.ts';
import { embeddedDatabaseName, embeddedPorts } from './resources/addresses.ts';
import { clusterIdOf, serviceHost } from './resources/names.ts';

export type Storage = NonNullable<TiktokLiteSpec['database']['embedded']>['storage'];

/** Where an environment variable takes its value from: a key of a generated Secret. */
export interface FromSecret {
  secret: 'database' | 'cache' | 'object-store';
  key: string;
}

/** A file of a server, made of its generated Secret. */
export interface SecretFile {
  folder: string;
  name: string;
  content: (generated: Partial<Record<string, string>>) => string;
}

/** A server of its own for an evaluation: one pod, started like the official image. */
export interface EmbeddedServer {
  name: keyof typeof embeddedPorts;
  image: ImageName;
  /** The storage when the object asks for this server; undefined when it names an external one. */
  storage: (spec: TiktokLiteSpec) => Storage | undefined;
  args: (storage: Storage) => string[];
  env: (platform: TiktokLite) => Record<string, string | FromSecret>;
  /** Settings that nobody may see, in a file: arguments show in every list of processes. */
  secretFile?: SecretFile;
  dataPath: string;
  /** Nothing is missing when its data is gone. */
  disposable?: true;
  /** Folders beside the data that the official image writes to. */
  scratchPaths: readonly string[];
  requests: Amounts;
  limits: Amounts;
  graceSeconds: number;
}

const disk = { 'ephemeral-storage': '32Mi' };
const diskLimit = { 'ephemeral-storage': '1Gi' };

const mysql: EmbeddedServer = {
  name: 'mysql',
  image: 'mysql',
  storage: ({ database }) => database.embedded?.storage,
  args: () => [
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--transaction-isolation=READ-COMMITTED',
    '--skip-name-resolve',
    '--max-connections=300',
    // A probe that connects and leaves is no news.
    '--log-warnings=1',
  ],
  env: () => ({
    MARIADB_ROOT_PASSWORD: { secret: 'database', key: 'rootPassword' },
    MARIADB_DATABASE: embeddedDatabaseName,
    MARIADB_USER: { secret: 'database', key: 'username' },
    MARIADB_PASSWORD: { secret: 'database', key: 'password' },
  }),
  dataPath: '/var/lib/mysql',
  scratchPaths: ['/tmp', '/run/mysqld'],
  requests: { cpu: '80m', memory: '192Mi', ...disk },
  limits: { cpu: '2', memory: '768Mi', ...diskLimit },
  graceSeconds: 60,
};

const keptOnDisk = ['--appendonly', 'yes', '--appendfsync', 'everysec'];
const keptInMemory = ['--appendonly', 'no', '--save', ''];

const redisSecrets: SecretFile = {
  folder: '/etc/redis',
  name: 'secrets.conf',
  content: ({ password = '' }) => `requirepass "${password}"\n`,
};

const redis: EmbeddedServer = {
  name: 'redis',
  image: 'redis',
  storage: ({ cache }) => cache.embedded?.storage,
  args: ({ ephemeral }) => [
    'redis-server',
    `${redisSecrets.folder}/${redisSecrets.name}`,
    '--maxmemory',
    '256mb',
    // Keys that must not go have no time to live.
    '--maxmemory-policy',
    'volatile-lru',
    ...(ephemeral ? keptInMemory : keptOnDisk),
  ],
  // For redis-cli inside of the pod.
  env: () => ({ REDISCLI_AUTH: { secret: 'cache', key: 'password' } }),
  secretFile: redisSecrets,
  dataPath: '/data',
  disposable: true,
  scratchPaths: ['/tmp'],
  requests: { cpu: '30m', memory: '64Mi', ...disk },
  limits: { cpu: '1', memory: '512Mi', ...diskLimit },
  graceSeconds: 30,
};

const kafka: EmbeddedServer = {
  name: 'kafka',
  image: 'kafka',
  storage: (spec) => spec.kafka.embedded?.storage,
  args: () => [],
  env: (platform) => ({
    CLUSTER_ID: clusterIdOf(platform),
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `PLAINTEXT://:${embeddedPorts.kafka},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${serviceHost(platform, 'kafka')}:${embeddedPorts.kafka}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    // A folder of its own: Kafka refuses a data directory with the lost+found of a volume in it.
    KAFKA_LOG_DIRS: '/var/lib/kafka/data/log',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_METADATA_MAX_IDLE_INTERVAL_MS: '10000',
    KAFKA_HEAP_OPTS: '-Xms96m -Xmx320m',
  }),
  dataPath: '/var/lib/kafka/data',
  scratchPaths: ['/tmp', '/opt/kafka/logs'],
  requests: { cpu: '120m', memory: '384Mi', ...disk },
  limits: { cpu: '2', memory: '768Mi', ...diskLimit },
  graceSeconds: 60,
};

const objectStore: EmbeddedServer = {
  name: 'object-store',
  image: 'objectStore',
  storage: (spec) => spec.objectStore.embedded?.storage,
  args: () => ['--port', `:${embeddedPorts['object-store']}`, 'posix', '/data'],
  env: () => ({
    ROOT_ACCESS_KEY: { secret: 'object-store', key: 'accessKeyId' },
    ROOT_SECRET_KEY: { secret: 'object-store', key: 'secretAccessKey' },
  }),
  dataPath: '/data',
  scratchPaths: ['/tmp'],
  requests: { cpu: '30m', memory: '64Mi', ...disk },
  limits: { cpu: '2', memory: '512Mi', ...diskLimit },
  graceSeconds: 30,
};

const embeddedServers: readonly EmbeddedServer[] = [mysql, redis, kafka, objectStore];

/** An embedded server that the object asks for. */
export interface WantedServer {
  server: EmbeddedServer;
  storage: Storage;
}

/** The embedded servers that must exist for a platform. */
export const embeddedServersOf = ({ spec }: TiktokLite): WantedServer[] =>
  embeddedServers.flatMap((server) => {
    const storage = server.storage(spec);
    return storage ? [{ server, storage }] : [];
  });
