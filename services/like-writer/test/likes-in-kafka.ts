import Type from 'typebox';
import { freshDatabase, freshRedisPrefix, freshTopicPrefix } from '../../../test/backends/index.ts';
import { createKafka } from '../../shared/kafka/client.ts';
import type { RawMessage } from '../../shared/kafka/message.ts';
import { createLogger } from '../../shared/logger.ts';
import { connectDatabase } from '../../shared/mysql/database.ts';
import { createReadModels } from '../../shared/read-models/index.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { type LikeEvent, likeLifetimeMs, type TopicId, topicName } from '../../shared/topics.ts';
import { consumeLikes } from '../consume-likes.ts';

const logger = createLogger({ component: 'test', level: 'silent' }); // failures are what is tested

/** Backends of their own, an author with a video, and like writers inside the test. */
export async function startLikes() {
  const [database, cache, topics] = await Promise.all([freshDatabase(), freshRedisPrefix(), freshTopicPrefix()]);
  const settings = { ...database, ...cache, ...topics };
  const { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: topicPrefix } = settings;
  const db = connectDatabase(settings);
  const redis = connectRedis(settings);
  const kafka = createKafka({ brokers, clientId: 'test', logger });
  const producer = kafka.producer();
  const models = await createReadModels({ db, redis, keyPrefix: settings.CACHE_KEY_PREFIX, logger });
  const authorId = await insertUser(db);
  const videoId = await insertVideo(db, { authorId });
  const consumers: { stop(): Promise<void> }[] = [];

  return {
    ...{ settings, db, redis, kafka, producer, models, authorId, videoId, topicPrefix },
    consume: ({ retryAfterMs = 200 } = {}) => {
      const { likes } = models;
      const lifetimeMs = likeLifetimeMs(1);
      const consumption = { kafka, producer, db, likes, topicPrefix, lifetimeMs, logger, retryAfterMs };
      const consumer = consumeLikes(consumption);
      consumers.push(consumer);
      return consumer;
    },
    /** A like or an unlike of the video, as an API process publishes it. */
    publish: async (like: Pick<LikeEvent, 'userId'> & Partial<LikeEvent>): Promise<LikeEvent> => {
      const event = { videoId, authorId, version: Date.now() * 1000, liked: true, ...like };
      const message = { key: String(event.userId), value: JSON.stringify(event) };
      await producer.publish(topicName(topicPrefix, 'likes'), [message]);
      return event;
    },
    /** What a topic holds and will get. */
    collect: (topic: TopicId): RawMessage[] => {
      const found: RawMessage[] = [];
      const reader = kafka.consume({
        topic: topicName(topicPrefix, topic),
        group: `${topicPrefix}.test-${topic}-${consumers.length}`,
        schema: Type.Unknown(),
        handleBatch: async (messages) => void found.push(...messages),
        deadLetter: async (message) => void found.push(message),
      });
      consumers.push(reader);
      return found;
    },
    likers: (): Promise<number[]> => db('favorite').where({ liked: true }).orderBy('user_id').pluck('user_id'),
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await producer.close();
      redis.disconnect();
      await db.destroy();
    },
  };
}

export type LikesInKafka = Awaited<ReturnType<typeof startLikes>>;
