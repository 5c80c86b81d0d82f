import type { Knex } from 'knex';

/**
 * One step of the schema. MySQL commits each statement that changes a table at once, so both directions must be safe to
 * run again after they were cut off, and old processes must be able to work beside the new schema.
 */
export interface Migration {
  /** Never changed once released: the database remembers it. */
  name: string;
  up(db: Knex): Promise<void>;
  down(db: Knex): Promise<void>;
}

/** Tables hold characters of every language; names that must differ in each byte use a binary collation. */
export const tableOptions = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

/** A migration that creates tables, in order, and drops them in the opposite order. */
export const createTables = (name: string, tables: Readonly<Record<string, string>>): Migration => ({
  name,
  up: async (db) => {
    for (const [table, columns] of Object.entries(tables)) {
      await db.raw(`CREATE TABLE IF NOT EXISTS \`${table}\` (${columns}) ${tableOptions}`);
    }
  },
  down: async (db) => {
    for (const table of Object.keys(tables).reverse()) await db.raw(`DROP TABLE IF EXISTS \`${table}\``);
  },
});
