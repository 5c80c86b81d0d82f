import { createTables, type Migration } from './migration.ts';

const table = createTables('0005-workers', {
  worker: `
    id SMALLINT NOT NULL PRIMARY KEY,
    holder VARCHAR(128) NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    high_water BIGINT NOT NULL DEFAULT 0`,
});

/** The 256 worker numbers that id generators lease; a row for each, so that leasing is one guarded UPDATE. */
export const workers: Migration = {
  ...table,
  up: async (db) => {
    await table.up(db);
    const rows = Array.from({ length: 256 }, (_, id) => ({ id }));
    await db('worker').insert(rows).onConflict('id').ignore();
  },
};
