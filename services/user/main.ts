import { createIdGenerator } from '../shared/ids/generator.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { perMinute } from '../shared/rate-limits/rate.ts';
import { createRateLimits } from '../shared/rate-limits/rate-limits.ts';
import { createReadModels } from '../shared/read-models/index.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { followRevocations } from '../shared/sessions/follow.ts';
import { createTokens } from '../shared/tokens.ts';
import { createUserApp } from './app.ts';
import { createFollowRows } from './repositories/follows.ts';
import { createMessageRows } from './repositories/messages.ts';

await runProcess({
  component: 'user',
  start: async ({ config, logger, metrics, health, serve }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    const redis = connectRedis(config);
    const models = await createReadModels({ redis, db, logger, keyPrefix: config.CACHE_KEY_PREFIX });
    const revocations = await followRevocations({ db, redis, keyPrefix: config.CACHE_KEY_PREFIX, logger });
    const tokens = createTokens({ keys: config.AUTH_SIGNING_KEYS, revocations });
    const ids = createIdGenerator({ db, logger });
    const limits = await createRateLimits({
      ...{ redis, logger, config },
      allowances: {
        follows: {
          perUser: perMinute(config.LIMIT_USER_FOLLOWS_PER_MINUTE),
          perIp: perMinute(config.LIMIT_IP_FOLLOWS_PER_MINUTE),
        },
        messages: {
          perUser: perMinute(config.LIMIT_USER_MESSAGES_PER_MINUTE),
          perIp: perMinute(config.LIMIT_IP_MESSAGES_PER_MINUTE),
        },
      },
    });
    const app = createUserApp({
      ...{ logger, metrics, tokens, models, ids, limits },
      follows: createFollowRows({ db }),
      messages: createMessageRows({ db }),
      mediaBaseUrl: config.MEDIA_BASE_URL,
      defaultListLimit: config.LIST_DEFAULT,
    });
    await serve(app);
    return {
      stop: async () => {
        revocations.close();
        await ids.close();
        redis.disconnect();
        await db.destroy();
      },
    };
  },
});
