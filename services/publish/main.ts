import { createIdGenerator } from '../shared/ids/generator.ts';
import { createKafka, kafkaFrom } from '../shared/kafka/client.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase, databaseAnswers } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { createObjectStore, objectNames } from '../shared/object-store/object-store.ts';
import { createOutboxRelay } from '../shared/outbox/relay.ts';
import { perDay, perMinute } from '../shared/rate-limits/rate.ts';
import { createRateLimits } from '../shared/rate-limits/rate-limits.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { followRevocations } from '../shared/sessions/follow.ts';
import { createTokens } from '../shared/tokens.ts';
import { createPublishApp } from './app.ts';
import { collectAbandonedUploads } from './collect-abandoned.ts';
import { createPublish } from './publish.ts';
import { createPublications } from './repositories/publications.ts';
import { createAdmit } from './uploads/admission.ts';
import { createPlaces } from './uploads/places.ts';
import { createReceiver } from './uploads/receive.ts';
import { createTurns } from './uploads/turns.ts';

/** A large video over a slow line. An upload that stands still ends sooner. */
const requestTimeoutMs = 30 * 60_000;
/** Uploads that are on their way when the process is told to stop have this long to arrive. */
const drainTimeoutMs = 90_000;
/** What one pod takes at the same time, and how many wait for it and how long; more pods take more. */
const turnsOfPod = { count: 12, longestLine: 200, patienceMs: 20_000 };

await runProcess({
  component: 'publish',
  timing: { drainTimeoutMs },
  start: async ({ config, logger, metrics, health, serve }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    health.check('the database', databaseAnswers(db));
    const redis = connectRedis(config);
    const models = await createReadModels({ redis, db, logger, keyPrefix: config.CACHE_KEY_PREFIX });
    const ids = createIdGenerator({ db, logger });
    const store = createObjectStore(config);
    const producer = createKafka({ ...kafkaFrom(config), clientId: 'publish', logger }).producer();
    const relay = createOutboxRelay({ db, producer, logger, topicPrefix: config.KAFKA_TOPIC_PREFIX });
    const collector = collectAbandonedUploads({ store, logger });
    const revocations = await followRevocations({ db, redis, keyPrefix: config.CACHE_KEY_PREFIX, logger });

    const limits = await createRateLimits({
      ...{ redis, logger, config },
      allowances: {
        uploads: {
          perUser: perDay(config.LIMIT_USER_UPLOADS_PER_DAY),
          perIp: perMinute(config.LIMIT_IP_UPLOADS_PER_MINUTE),
        },
        'uploaded megabytes': { perUser: perDay(config.LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY) },
      },
    });
    const places = await createPlaces({
      ...{ redis, logger, keyPrefix: config.CACHE_KEY_PREFIX },
      places: config.LIMIT_USER_CONCURRENT_UPLOADS,
    });
    const publications = createPublications({ db, ids });
    const app = createPublishApp({
      logger,
      metrics,
      tokens: createTokens({ keys: config.AUTH_SIGNING_KEYS, revocations }),
      admit: createAdmit({ limits, places }),
      receiver: createReceiver({
        store,
        ids,
        names: objectNames(config.OBJECT_STORE_PREFIX),
        maxFileBytes: config.UPLOAD_MAX_BYTES,
        takeTurn: createTurns(turnsOfPod),
      }),
      publish: createPublish({ publications, store, relay, models, logger }),
      publications,
    });
    await serve(app, { requestTimeoutMs });
    return {
      stop: async () => {
        collector.stop();
        revocations.close();
        await relay.stop();
        await producer.close();
        await ids.close();
        store.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
