import type { Knex } from 'knex';

/**
 * One step of the schema. MySQL commits each statement that changes a table at once, so both directions must be safe to
 * run again after they were cut off, and old processes must be able to work beside the new schema.
 */
export interface Migration {
  /** Never changed once released: the database remembers it. */
  name: string;
  /**
   * Set where it takes away what older processes need: the oldest version whose processes can still work afterwards. Such a
   * step comes at least one release after the one that no longer needs what goes.
   */
  servesFrom?: number;
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

/** A migration that adds columns at the end of tables, and drops them; each is skipped where it was done already. */
export const addColumns = (
  name: string,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Migration => ({
  name,
  up: async (db) => {
    for (const [table, columns] of Object.entries(tables)) {
      for (const [column, definition] of Object.entries(columns)) {
        if (!(await db.schema.hasColumn(table, column)))
          await db.raw(`ALTER TABLE \`${table}\` ADD COLUMN \`${column}\` ${definition}`);
      }
    }
  },
  down: async (db) => {
    for (const [table, columns] of Object.entries(tables)) {
      for (const column of Object.keys(columns).reverse()) {
        if (await db.schema.hasColumn(table, column))
          await db.raw(`ALTER TABLE \`${table}\` DROP COLUMN \`${column}\``);
      }
    }
  },
});

/** Several steps as one migration: up in order, down in the opposite one. */
export const inOrder = (name: string, steps: readonly Migration[]): Migration => ({
  name,
  up: async (db) => {
    for (const step of steps) await step.up(db);
  },
  down: async (db) => {
    for (const step of steps.toReversed()) await step.down(db);
  },
});

/** Indexes by name, with their columns. */
type Indexes = Readonly<Record<string, string>>;

/**
 * A migration that replaces indexes of a table in one statement, while others read and write it: no query is ever without
 * the one or the other.
 */
export const swapIndexes = (
  name: string,
  table: string,
  { add, drop }: { add: Indexes; drop: Indexes },
): Migration => ({
  name,
  up: (db) => replaceIndexes(db, table, { add, drop }),
  down: (db) => replaceIndexes(db, table, { add: drop, drop: add }),
});

async function replaceIndexes(db: Knex, table: string, { add, drop }: { add: Indexes; drop: Indexes }): Promise<void> {
  const [rows]: { name: string }[][] = await db.raw(
    'SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  );
  const there = new Set((rows ?? []).map((row) => row.name));
  const changes = [
    ...Object.entries(add).flatMap(([index, columns]) => (there.has(index) ? [] : `ADD KEY \`${index}\` ${columns}`)),
    ...Object.keys(drop).flatMap((index) => (there.has(index) ? `DROP KEY \`${index}\`` : [])),
  ];
  if (changes.length === 0) return;
  await db.raw(`ALTER TABLE \`${table}\` ${[...changes, 'ALGORITHM=INPLACE', 'LOCK=NONE'].join(', ')}`);
}
