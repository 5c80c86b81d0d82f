import { Kafka, logLevel } from 'kafkajs';
import { guardIdleConnections } from '../../services/shared/kafka/idle-guard.ts';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { connectRedis, type Redis } from '../../services/shared/redis/connect.ts';
import { topicName } from '../../services/shared/topics.ts';
import { freshTopicPrefix, sharedBackends, stopBackends } from '../../test/backends/index.ts';
import { type PlatformUnderTest, startPlatform } from '../../test/platform/index.ts';
import { type DataSet, fillDataSet, type SizeName } from './data-set.ts';

export type Api = 'auth' | 'user' | 'video';

/** A platform with a data set, and all that measuring it takes. */
export interface MeasuredPlatform {
  platform: PlatformUnderTest;
  dataSet: DataSet;
  db: Knex;
  redis: Redis;
  /** Token of a user; the same one each time. */
  tokenOf(userId: number): string;
  /** Every process that works for the requests of an API. */
  pids(api: Api): Record<'service' | 'likeWriter' | 'redis' | 'mysql' | 'kafka', number>;
  /** Brokers, and a topic that nobody reads. */
  unread: { brokers: string; topic: string };
  /** Likes that are accepted and not yet written. */
  lag(): Promise<number>;
  stop(): Promise<void>;
}

/** Limits are counted as ever, and never reached. */
const most = 1_000_000;
const unlimited = {
  ...{ loginsPerMinute: most, likesPerMinute: most, commentsPerMinute: most },
  ...{ followsPerMinute: most, messagesPerMinute: most },
};

/** Starts every server and process of a platform on loopback and fills its database; MariaDB flushes at each commit. */
export async function startMeasuredPlatform(size: SizeName): Promise<MeasuredPlatform> {
  guardIdleConnections();
  process.env.TEST_MYSQL = 'durable';
  let dataSet: DataSet | undefined;
  const platform = await startPlatform({
    replicas: { publish: 0, transcoder: 0 },
    spec: { limits: { perUser: unlimited, perIp: unlimited } },
    prepare: async (settings) => {
      const db = connectDatabase(settings);
      dataSet = await fillDataSet(db, size).finally(() => db.destroy());
    },
  });
  if (!dataSet) throw new Error('the platform started without its data set');
  const { settings, tokens } = platform;
  const { mysql, redis: cache, kafka } = sharedBackends();
  const serverPids = { redis: (await cache).pid, mysql: (await mysql).pid, kafka: (await kafka).pid };
  const db = connectDatabase(settings);
  const redis = connectRedis(settings);
  const issued = new Map<number, string>();
  const lag = await watchLag(settings);
  const { KAFKA_TOPIC_PREFIX: otherPrefix, KAFKA_BROKERS: brokers } = await freshTopicPrefix();

  return {
    ...{ platform, dataSet, db, redis, lag: lag.read },
    tokenOf: (userId) => {
      const token = issued.get(userId) ?? tokens.issue(userId);
      issued.set(userId, token);
      return token;
    },
    pids: (api) => ({ service: platform.pidOf(api), likeWriter: platform.pidOf('like-writer'), ...serverPids }),
    unread: { brokers, topic: topicName(otherPrefix, 'likes') },
    stop: async () => {
      redis.disconnect();
      await db.destroy();
      await lag.stop();
      await platform.stop();
      await stopBackends();
    },
  };
}

async function watchLag(settings: { KAFKA_BROKERS: string; KAFKA_TOPIC_PREFIX: string }) {
  const brokers = settings.KAFKA_BROKERS.split(',');
  const admin = new Kafka({ brokers, clientId: 'bench', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topic = topicName(settings.KAFKA_TOPIC_PREFIX, 'likes');
  const groupId = `${settings.KAFKA_TOPIC_PREFIX}.like-writer`;
  return {
    read: async () => {
      const ends = await admin.fetchTopicOffsets(topic);
      const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const done = new Map(group?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
      return ends.reduce((sum, { partition, high }) => sum + Number(high) - (done.get(partition) ?? 0), 0);
    },
    stop: () => admin.disconnect(),
  };
}
