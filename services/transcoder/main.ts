import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createIdGenerator } from '../shared/ids/generator.ts';
import { createKafka, kafkaFrom } from '../shared/kafka/client.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { createObjectStore, objectNames } from '../shared/object-store/object-store.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { consumeUploads } from './consume-uploads.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createRemoveOutputs } from './job/leftovers.ts';
import { sweepLeftovers } from './job/sweep-leftovers.ts';
import { createTranscode } from './job/transcode.ts';
import { createWork } from './job/work.ts';
import { createWorkspace } from './job/workspace.ts';
import { parseLadder } from './media/ladder.ts';
import { createMediaTools } from './media/tools.ts';
import { countTranscodes } from './metrics.ts';
import { createUploads } from './repositories/uploads.ts';
import { noteWorkInHand } from './work-in-hand.ts';

/** A dead process keeps its work from others for so long. */
const leaseMs = 30_000;
/** A stop waits for the transcode in hand; the pod's grace period is the limit that counts. */
const stopTimeoutMs = 9 * 3600_000;

await runProcess({
  component: 'transcoder',
  timing: { stopTimeoutMs },
  start: async ({ config, logger, metrics, health }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    const redis = connectRedis(config);
    const models = await createReadModels({
      redis,
      db,
      logger,
      keyPrefix: config.CACHE_KEY_PREFIX,
      feedCacheSize: config.FEED_CACHE_SIZE,
    });
    const ids = createIdGenerator({ db, logger });
    const store = createObjectStore(config);
    const names = objectNames(config.OBJECT_STORE_PREFIX);
    const workspace = await createWorkspace(config.FFMPEG_FOLDER);
    const tools = createMediaTools({ socketPath: config.FFMPEG_SOCKET });
    const limits = {
      maxDurationSeconds: config.TRANSCODE_MAX_DURATION_SECONDS,
      maxPixels: config.TRANSCODE_MAX_PIXELS,
      ladder: parseLadder(config.TRANSCODE_LADDER),
    };
    const encoding = { preset: config.TRANSCODE_PRESET, quality: config.TRANSCODE_QUALITY };
    const holder = `${hostname()}:${randomUUID()}`;
    const kafka = createKafka({ ...kafkaFrom(config), clientId: 'transcoder', logger });
    const topicPrefix = config.KAFKA_TOPIC_PREFIX;
    const deadLetters = createDeadLetters(kafka, topicPrefix);
    const uploads = createUploads({ db, ids, holder, leaseMs });
    const removeOutputs = createRemoveOutputs({ store, names });
    const sweeper = sweepLeftovers({ uploads, removeOutputs, logger });
    const { work, inHand } = noteWorkInHand(
      createWork({
        uploads,
        transcode: createTranscode({ store, names, workspace, tools, limits, encoding }),
        removeOutputs,
        models,
        keepDeadLetter: deadLetters.keepUpload,
        observe: countTranscodes(metrics),
        logger,
        leaseMs,
      }),
    );
    health.report('/state', async () => inHand());
    const consumer = consumeUploads({ kafka, topicPrefix, work, aside: deadLetters.aside, logger });
    health.check('ffmpeg', () => tools.check());
    health.check('the consumer group of uploads', () => consumer.joined());
    return {
      stop: async () => {
        sweeper.stop();
        await consumer.stop();
        await workspace.close();
        await deadLetters.close();
        await ids.close();
        store.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
