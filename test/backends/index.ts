import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import type { Static } from 'typebox';
import { migrateDatabase } from '../../services/migrate/migrate-database.ts';
import { connectDatabase } from '../../services/shared/mysql/database.ts';
import type { SettingName, settings } from '../../services/shared/settings.ts';
import { type TopicId, topicName, topics } from '../../services/shared/topics.ts';
import type { RunningServer } from './child-server.ts';
import { type KafkaServer, startKafka } from './kafka.ts';
import { type MariaDb, startMariaDb } from './mariadb.ts';
import { type ObjectStoreServer, startObjectStore } from './object-store.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';

/** The settings that a process would read from its environment to use a backend. */
type SettingsNamed<Prefix extends string> = {
  [Name in Extract<SettingName, `${Prefix}_${string}`>]: Static<(typeof settings)[Name]>;
};

export type DatabaseSettings = SettingsNamed<'DATABASE'>;
export type CacheSettings = SettingsNamed<'CACHE'>;
export type KafkaSettings = SettingsNamed<'KAFKA'>;
export type ObjectStoreSettings = SettingsNamed<'OBJECT_STORE'>;

export interface Backends {
  readonly mysql: Promise<MariaDb>;
  readonly redis: Promise<RedisServer>;
  readonly kafka: Promise<KafkaServer>;
  readonly objectStore: Promise<ObjectStoreServer>;
}

const started = new Map<string, Promise<RunningServer>>();

function once<Server extends RunningServer>(name: string, start: () => Promise<Server>): Promise<Server> {
  const known = started.get(name) as Promise<Server> | undefined;
  if (known) return known;
  const starting = start();
  started.set(name, starting);
  return starting;
}

const backends: Backends = {
  get mysql() {
    return once('mysql', () => startMariaDb({ isDurable: process.env.TEST_MYSQL === 'durable' }));
  },
  get redis() {
    return once('redis', process.env.TEST_REDIS === 'cluster' ? startRedisCluster : () => startRedis());
  },
  get kafka() {
    return once('kafka', startKafka);
  },
  get objectStore() {
    return once('objectStore', startObjectStore);
  },
};

/** Real servers of this process, each started when it is first asked for and shared by all test files. */
export const sharedBackends = (): Backends => backends;

/** Stops what was started; mocha's root hook calls it after the last test. */
export async function stopBackends(): Promise<void> {
  const running = [...started.values()];
  started.clear();
  const servers = (await Promise.allSettled(running)).flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  await Promise.all(servers.map((server) => server.stop()));
}

// Loaded by a test file, this module registers the root hook; loaded by a script, the script calls stopBackends.
if (typeof globalThis.after === 'function') {
  after(function () {
    this.timeout(90_000); // a busy machine takes its time even with killed processes
    return stopBackends();
  });
}

const uniqueName = (): string => `t${randomBytes(6).toString('hex')}`;

/** A schema of its own on the shared MariaDB, with the platform's tables unless it is asked for empty. */
export async function freshDatabase({ migrated = true } = {}): Promise<DatabaseSettings> {
  const { host, port, user, password } = await backends.mysql;
  const name = uniqueName();
  const connection = await createConnection({ host, port, user, password });
  await connection.query('CREATE DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci', [name]);
  await connection.end();
  const settings: DatabaseSettings = {
    DATABASE_HOST: host,
    DATABASE_PORT: port,
    DATABASE_NAME: name,
    DATABASE_USER: user,
    DATABASE_PASSWORD: password,
    DATABASE_TLS: 'off',
    DATABASE_POOL_SIZE: 10,
  };
  if (migrated) await migrate(settings);
  return settings;
}

async function migrate(settings: DatabaseSettings): Promise<void> {
  const db = connectDatabase(settings);
  try {
    await migrateDatabase(db);
  } finally {
    await db.destroy();
  }
}

/** A key prefix of its own on the shared Redis; with TEST_REDIS=cluster that is a Redis Cluster. */
export async function freshRedisPrefix(): Promise<CacheSettings> {
  return freshPrefixOn(await backends.redis);
}

/** A key prefix of its own on a Redis that a test started for itself. */
export const freshPrefixOn = ({ mode, host, port, password }: RedisServer): CacheSettings => ({
  CACHE_MODE: mode,
  CACHE_HOST: host,
  CACHE_PORT: port,
  CACHE_PASSWORD: password,
  CACHE_TLS: 'off',
  CACHE_KEY_PREFIX: uniqueName(),
});

/** A topic prefix of its own on the shared Kafka, with every topic of the platform created in few partitions. */
export async function freshTopicPrefix({ partitions = 2 } = {}): Promise<KafkaSettings> {
  const { brokers } = await backends.kafka;
  const prefix = uniqueName();
  const admin = new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const names = Object.keys(topics) as TopicId[];
    const wanted = names.map((topic) => ({
      topic: topicName(prefix, topic),
      numPartitions: Math.min(partitions, topics[topic].partitions),
    }));
    await admin.createTopics({ topics: wanted, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
  return { KAFKA_BROKERS: brokers.join(','), KAFKA_TLS: 'off', KAFKA_SASL: 'none', KAFKA_TOPIC_PREFIX: prefix };
}

/** Two buckets of its own on the shared object store: originals private, media readable by anyone. */
export async function freshBuckets(): Promise<ObjectStoreSettings> {
  const { endpoint, region, accessKeyId, secretAccessKey } = await backends.objectStore;
  const prefix = uniqueName();
  const [originals, media] = [`${prefix}-originals`, `${prefix}-media`];
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  for (const bucket of [originals, media]) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: media, Policy: JSON.stringify(publicReadPolicy(media)) }));
  s3.destroy();
  return {
    OBJECT_STORE_DRIVER: 's3',
    OBJECT_STORE_ENDPOINT: endpoint,
    OBJECT_STORE_PUBLIC_ENDPOINT: endpoint,
    OBJECT_STORE_REGION: region,
    OBJECT_STORE_ACCESS_KEY_ID: accessKeyId,
    OBJECT_STORE_SECRET_ACCESS_KEY: secretAccessKey,
    OBJECT_STORE_ORIGINALS_BUCKET: originals,
    OBJECT_STORE_MEDIA_BUCKET: media,
    OBJECT_STORE_PREFIX: prefix,
  };
}

const publicReadPolicy = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/*`] }],
});
