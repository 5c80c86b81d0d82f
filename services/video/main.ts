import { createIdGenerator } from '../shared/ids/generator.ts';
import { createKafka, kafkaFrom } from '../shared/kafka/client.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { createObjectStore } from '../shared/object-store/object-store.ts';
import { perMinute } from '../shared/rate-limits/rate.ts';
import { createRateLimits } from '../shared/rate-limits/rate-limits.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { followRevocations } from '../shared/sessions/follow.ts';
import { createTokens } from '../shared/tokens.ts';
import { readWarmUp } from '../shared/warm-up/progress.ts';
import { createVideoApp } from './app.ts';
import { refuseWhileBehind, watchLikeBacklog } from './like-backlog.ts';
import { createLikeEvents } from './like-events.ts';
import { createCommentRows } from './repositories/comments.ts';

await runProcess({
  component: 'video',
  start: async ({ config, logger, metrics, health, serve }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    const redis = connectRedis(config);
    const kafka = createKafka({ ...kafkaFrom(config), clientId: 'video', logger });
    const producer = kafka.producer();
    const topicPrefix = config.KAFKA_TOPIC_PREFIX;
    const likeBacklog = watchLikeBacklog({
      ...{ kafka, topicPrefix, logger },
      retentionHours: config.LIKES_RETENTION_HOURS,
    });
    const objectStore = createObjectStore(config);
    const models = await createReadModels({
      ...{ redis, db, logger },
      keyPrefix: config.CACHE_KEY_PREFIX,
      feedCacheSize: config.FEED_CACHE_SIZE,
    });
    health.report('/warm-up', () => readWarmUp(redis, config.CACHE_KEY_PREFIX));
    const revocations = await followRevocations({ db, redis, keyPrefix: config.CACHE_KEY_PREFIX, logger });
    const ids = createIdGenerator({ db, logger });
    const limits = await createRateLimits({
      ...{ redis, logger, config },
      allowances: {
        likes: {
          perUser: perMinute(config.LIMIT_USER_LIKES_PER_MINUTE),
          perIp: perMinute(config.LIMIT_IP_LIKES_PER_MINUTE),
        },
        comments: {
          perUser: perMinute(config.LIMIT_USER_COMMENTS_PER_MINUTE),
          perIp: perMinute(config.LIMIT_IP_COMMENTS_PER_MINUTE),
        },
      },
    });
    const app = createVideoApp({
      ...{ logger, metrics, models, ids, limits },
      comments: createCommentRows({ db }),
      tokens: createTokens({ keys: config.AUTH_SIGNING_KEYS, revocations }),
      likeEvents: refuseWhileBehind(createLikeEvents(producer, topicPrefix), likeBacklog),
      signOriginal: (path) => objectStore.signedUrl({ bucket: 'originals', path }),
      mediaBaseUrl: config.MEDIA_BASE_URL,
      publicUrl: config.PUBLIC_URL,
      feedPageSize: config.FEED_PAGE_SIZE,
      defaultListLimit: config.LIST_DEFAULT,
    });
    await serve(app);
    return {
      stop: async () => {
        revocations.close();
        likeBacklog.close();
        await producer.close();
        await ids.close();
        objectStore.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
