import { createIdGenerator } from '../shared/ids/generator.ts';
import { runProcess } from '../shared/lifecycle.ts';
import { connectDatabase, databaseAnswers } from '../shared/mysql/database.ts';
import { createTokens } from '../shared/tokens.ts';
import { createAuthApp } from './app.ts';
import { createPasswords } from './passwords.ts';
import { createAccounts } from './repositories/accounts.ts';

await runProcess({
  component: 'auth',
  start: async ({ config, logger, metrics, health, serve }) => {
    const db = connectDatabase(config);
    health.check('the database', databaseAnswers(db));
    const ids = createIdGenerator({ db, logger });
    const app = createAuthApp({
      logger,
      metrics,
      ids,
      accounts: createAccounts({ db }),
      passwords: await createPasswords(),
      tokens: createTokens({ keys: config.AUTH_SIGNING_KEYS, lifetimeSeconds: config.AUTH_ACCESS_TOKEN_SECONDS }),
      minPasswordLength: config.AUTH_MIN_PASSWORD_LENGTH,
    });
    await serve(app);
    return {
      stop: async () => {
        await ids.close();
        await db.destroy();
      },
    };
  },
});
