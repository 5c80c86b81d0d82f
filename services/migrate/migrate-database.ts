import type { Knex } from 'knex';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** How long a second migration run waits for the first one. */
const lockTimeoutSeconds = 120;

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => migration,
};

const options = { migrationSource: source, disableTransactions: true };

/** Brings the schema to the newest state; safe to run again, and by several processes at once. Returns what it ran. */
export const migrateDatabase = (db: Knex): Promise<string[]> =>
  withSchemaLock(db, async () => {
    const [, names] = await db.migrate.latest(options);
    return names;
  });

/** Takes every migration back, newest first. */
export const rollBackDatabase = (db: Knex): Promise<string[]> =>
  withSchemaLock(db, async () => {
    const [, names] = await db.migrate.rollback(options, true);
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
      await db.migrate.forceFreeMigrationsLock(options);
      return await work();
    } finally {
      await trx.raw(`SELECT RELEASE_LOCK(${lock})`);
    }
  });
}
