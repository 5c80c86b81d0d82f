import { runJob } from '../shared/lifecycle.ts';
import { connectDatabase } from '../shared/mysql/database.ts';
import { createObjectStore } from '../shared/object-store/object-store.ts';
import { createDatabaseIfAbsent } from './create-database.ts';
import { migrateDatabase } from './migrate-database.ts';
import { waitUntil } from './wait-until.ts';

const timeoutMs = 180_000;

await runJob({
  component: 'migrate',
  run: async ({ config, logger }) => {
    const database = await waitUntil(() => createDatabaseIfAbsent(config), { what: 'the database', logger, timeoutMs });
    logger.info({ database, name: config.DATABASE_NAME }, 'the database can be used');

    const db = connectDatabase(config);
    const { ran: migrations, version } = await migrateDatabase(db);
    await db.destroy();
    logger.info({ migrations, version }, migrations.length > 0 ? 'the schema was changed' : 'the schema is up to date');

    const store = createObjectStore(config);
    const refusals = await waitUntil(() => store.prepare(), { what: 'the object store', logger, timeoutMs });
    store.close();
    for (const refusal of refusals) logger.warn(refusal);
    logger.info('the buckets are ready');
  },
});
