import { runJob } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { createCounterChecks } from './repositories/counter-checks.ts';

/** So many drifts of one counter are named; there may be more. */
const namedDrifts = 100;

await runJob({
  component: 'maintenance',
  run: async ({ config, logger }) => {
    const db = connectDatabase(config);
    let drifts = 0;
    for (const { counter, find } of createCounterChecks(db)) {
      const found = await find(namedDrifts);
      for (const drift of found) logger.error({ counter, ...drift }, 'a counter differs from its rows');
      if (found.length === 0) logger.info({ counter }, 'every count equals its rows');
      drifts += found.length;
    }
    await db.destroy();
    if (drifts > 0) throw new Error(`${drifts} counts differ from their rows; the lines before name them`);
    logger.info('every counter equals its rows');
  },
});
