import { createTables } from './migration.ts';

/** What processes ask before they serve: which version the schema has, and the oldest one whose processes it still suits. */
export const schemaVersion = createTables('0014-schema-version', {
  schema_version: `
    id TINYINT NOT NULL PRIMARY KEY,
    version INT NOT NULL,
    serves_from INT NOT NULL`,
});
