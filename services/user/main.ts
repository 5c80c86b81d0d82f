import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { followRevocations } from '../shared/sessions/follow.ts';
import { createTokens } from '../shared/tokens.ts';
import { createUserApp } from './app.ts';
import { createFollowRows } from './repositories/follows.ts';

await runProcess({
  component: 'user',
  start: async ({ config, logger, metrics, serve }) => {
    const db = connectDatabase(config);
    const redis = connectRedis(config);
    const models = await createReadModels({ redis, db, logger, keyPrefix: config.CACHE_KEY_PREFIX });
    const revocations = await followRevocations({ db, redis, keyPrefix: config.CACHE_KEY_PREFIX, logger });
    const tokens = createTokens({ keys: config.AUTH_SIGNING_KEYS, revocations });
    const app = createUserApp({
      ...{ logger, metrics, tokens, models },
      follows: createFollowRows({ db }),
      mediaBaseUrl: config.MEDIA_BASE_URL,
      defaultListLimit: config.LIST_DEFAULT,
    });
    await serve(app);
    return {
      stop: async () => {
        revocations.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
