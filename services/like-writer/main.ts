import { createKafka, kafkaFrom } from '../shared/kafka/client.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { likeLifetimeMs } from '../shared/topics.ts';
import { consumeLikes } from './consume-likes.ts';
import { sweepTombstones } from './sweep-tombstones.ts';

await runProcess({
  component: 'like-writer',
  start: async ({ config, logger, health }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    const redis = connectRedis(config);
    const { likes } = await createReadModels({ redis, db, logger, keyPrefix: config.CACHE_KEY_PREFIX });
    const kafka = createKafka({ ...kafkaFrom(config), clientId: 'like-writer', logger });
    const producer = kafka.producer();
    const lifetimeMs = likeLifetimeMs(config.LIKES_RETENTION_HOURS);
    const topicPrefix = config.KAFKA_TOPIC_PREFIX;
    const consumer = consumeLikes({ kafka, producer, db, likes, logger, topicPrefix, lifetimeMs });
    const sweeper = sweepTombstones({ db, lifetimeMs, logger });
    health.check('the consumer group of likes', () => consumer.joined());
    return {
      stop: async () => {
        sweeper.stop();
        await consumer.stop();
        await producer.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
