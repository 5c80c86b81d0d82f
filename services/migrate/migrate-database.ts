import type { Knex } from 'knex';
import { readSchema, type Schema, versionOf } from '../shared/mysql/schema-version.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { planMigration, targetOf } from './plan-migration.ts';

/** How long a second migration run waits for the first one. */
const lockTimeoutSeconds = 120;

const optionsFor = (migrations: readonly Migration[]) => ({
  disableTransactions: true,
  migrationSource: {
    getMigrations: async () => [...migrations],
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: async (migration: Migration) => migration,
  },
});

/** What a run has done, and the version that the schema has now. */
export interface Migrated {
  ran: string[];
  version: number;
}

/**
 * Brings the schema to the newest state, and writes down which version that is; safe to run again, and by several processes
 * at once. A newer schema that still suits stays as it is; one that does not is an error with a sentence.
 */
export const migrateDatabase = (db: Knex, migrations = released): Promise<Migrated> =>
  withSchemaLock(db, async () => {
    const applied = await appliedTo(db);
    const plan = planMigration({ migrations, applied, schema: await readSchema(db) });
    if (plan.action === 'refuse') throw new Error(plan.reason);
    if (plan.action === 'keep') return { ran: [], version: Math.max(...applied.map(versionOf)) };
    const [, ran] = await db.migrate.latest(optionsFor(migrations));
    await writeSchema(db, targetOf(migrations));
    return { ran, version: targetOf(migrations).version };
  });

async function appliedTo(db: Knex): Promise<string[]> {
  const table = 'knex_migrations';
  return (await db.schema.hasTable(table)) ? db(table).orderBy('id').pluck('name') : [];
}

const writeSchema = (db: Knex, { version, servesFrom }: Schema) =>
  db('schema_version').insert({ id: 1, version, serves_from: servesFrom }).onConflict('id').merge();

/** Takes every migration back, newest first. */
export const rollBackDatabase = (db: Knex): Promise<string[]> =>
  withSchemaLock(db, async () => {
    const [, names] = await db.migrate.rollback(optionsFor(released), true);
    return names;
  });

/**
 * The lock is the server's own: it goes with the connection that holds it, so that a killed run locks nobody out.
 * Whoever holds it may free the lock row of knex, which a killed run leaves behind.
 */
async function withSchemaLock<Result>(db: Knex, work: () => Promise<Result>): Promise<Result> {
  return db.transaction(async (trx) => {
    const lock = "CONCAT('migrate.', MD5(DATABASE()))";
    const [[{ held }]] = await trx.raw(`SELECT GET_LOCK(${lock}, ?) AS held`, [lockTimeoutSeconds]);
    if (held !== 1)
      throw new Error(`another migration is still running after ${lockTimeoutSeconds} s: look at its log`);
    try {
      await db.migrate.forceFreeMigrationsLock(optionsFor(released));
      return await work();
    } finally {
      await trx.raw(`SELECT RELEASE_LOCK(${lock})`);
    }
  });
}
