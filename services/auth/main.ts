import { createIdGenerator } from '../shared/ids/generator.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase, databaseAnswers } from '../shared/mysql/database.ts';
import { checkSchema } from '../shared/mysql/schema-version.ts';
import { perMinute } from '../shared/rate-limits/rate.ts';
import { createRateLimits } from '../shared/rate-limits/rate-limits.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { publishRevocation } from '../shared/sessions/channel.ts';
import { followRevocations } from '../shared/sessions/follow.ts';
import { createTokens } from '../shared/tokens.ts';
import { createAuthApp } from './app.ts';
import { createPasswords } from './passwords.ts';
import { removeExpiredRevocations } from './remove-expired.ts';
import { createAccounts } from './repositories/accounts.ts';
import { createSessionRows } from './repositories/sessions.ts';
import { createSessions } from './sessions.ts';

await runProcess({
  component: 'auth',
  start: async ({ config, logger, metrics, health, serve }) => {
    const db = connectDatabase(config);
    checkSchema(health, { db, logger });
    health.check('the database', databaseAnswers(db));
    const ids = createIdGenerator({ db, logger });
    const redis = connectRedis(config);
    const keyPrefix = config.CACHE_KEY_PREFIX;
    const lifetimeSeconds = config.AUTH_ACCESS_TOKEN_SECONDS;
    const revocations = await followRevocations({ db, redis, keyPrefix, logger });
    const tokens = createTokens({ keys: config.AUTH_SIGNING_KEYS, lifetimeSeconds, revocations });
    const rows = createSessionRows({ db, nextId: ids.next });
    const remover = removeExpiredRevocations({ rows, logger });
    const limits = await createRateLimits({
      ...{ redis, logger, config },
      allowances: {
        registrations: { perIp: perMinute(config.LIMIT_IP_REGISTRATIONS_PER_MINUTE) },
        logins: {
          perUser: perMinute(config.LIMIT_USER_LOGINS_PER_MINUTE),
          perIp: perMinute(config.LIMIT_IP_LOGINS_PER_MINUTE),
        },
      },
    });
    const app = createAuthApp({
      ...{ logger, metrics, ids, tokens, limits },
      accounts: createAccounts({ db }),
      passwords: await createPasswords(),
      sessions: createSessions({
        ...{ rows, tokens, lifetimeSeconds, revocations, logger },
        publish: (revocation) => publishRevocation(redis, keyPrefix, revocation),
      }),
      minPasswordLength: config.AUTH_MIN_PASSWORD_LENGTH,
    });
    await serve(app);
    return {
      stop: async () => {
        remover.stop();
        revocations.close();
        redis.disconnect();
        await ids.close();
        await db.destroy();
      },
    };
  },
});
