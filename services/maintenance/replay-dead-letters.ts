import { createKafka, kafkaFrom } from '../shared/kafka/client.ts';
import { runJob } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { LikeEvent, likeLifetimeMs, UploadEvent } from '../shared/topics.ts';
import { replay } from './replay.ts';
import { createFailedUploads } from './repositories/failed-uploads.ts';

await runJob({
  component: 'maintenance',
  run: async ({ config, logger }) => {
    const db = connectDatabase(config);
    const redis = connectRedis(config);
    const models = await createReadModels({ redis, db, logger, keyPrefix: config.CACHE_KEY_PREFIX });
    const kafka = createKafka({ ...kafkaFrom(config), clientId: 'maintenance', logger });
    const producer = kafka.producer();
    const uploads = createFailedUploads({ db });
    const lifetimeMs = likeLifetimeMs(config.LIKES_RETENTION_HOURS);
    const ports = { kafka, producer, logger, topicPrefix: config.KAFKA_TOPIC_PREFIX };

    const likes = await replay(ports, {
      ...{ from: 'likesDeadLetter', to: 'likes', schema: LikeEvent },
      prepare: async ({ version }) =>
        version / 1000 < Date.now() - lifetimeMs ? 'it is so old that it could undo a later action' : undefined,
    });
    logger.info(likes, 'the dead letters of likes are through');

    const videos = await replay(ports, {
      ...{ from: 'uploadsDeadLetter', to: 'uploads', schema: UploadEvent },
      prepare: ({ videoId }) => uploads.queueAgain(videoId),
      sent: (video) => models.videos.changed(video),
    });
    logger.info(videos, 'the dead letters of uploads are through');

    await producer.close();
    redis.disconnect();
    await db.destroy();
  },
});
