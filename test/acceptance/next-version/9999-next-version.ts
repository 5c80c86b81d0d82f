import type { Migration } from '../../../services/migrate/migrations/migration.ts';

/** What a release to come could do to tables that are in use: a column more, an index more, and some seconds of work. */
export const nextVersion: Migration = {
  name: '9999-next-version',
  up: async (db) => {
    if (!(await db.schema.hasColumn('favorite', 'next_version')))
      await db.raw(
        'ALTER TABLE favorite ADD COLUMN next_version INT NULL, ADD KEY favorite_next_version (next_version)',
      );
    await db.raw('SELECT SLEEP(5)');
  },
  down: async (db) => {
    await db.raw('ALTER TABLE favorite DROP KEY favorite_next_version, DROP COLUMN next_version');
  },
};
