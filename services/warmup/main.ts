import { runJob } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { createWarmUpProgress } from '../shared/warm-up/progress.ts';
import { createStages } from './stages.ts';
import { warmUp } from './warm-up.ts';

/** Users or videos that are loaded at once: some milliseconds of Redis and of the database. */
const batch = 100;

await runJob({
  component: 'warmup',
  run: async ({ config, logger }) => {
    const db = connectDatabase(config);
    const redis = connectRedis(config);
    const keyPrefix = config.CACHE_KEY_PREFIX;
    const models = await createReadModels({ redis, db, keyPrefix, logger, feedCacheSize: config.FEED_CACHE_SIZE });
    const notes = await createWarmUpProgress({ redis, keyPrefix });
    const amounts = { users: config.WARMUP_USERS, videos: config.WARMUP_VIDEOS, feed: config.WARMUP_FEED };
    await warmUp({ run: config.WARMUP_RUN, notes, stages: createStages({ db, models, amounts, batch }), logger });
    redis.disconnect();
    await db.destroy();
  },
});
