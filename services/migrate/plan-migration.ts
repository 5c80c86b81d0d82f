import { type Schema, versionOf } from '../shared/mysql/schema-version.ts';
import type { Migration } from './migrations/migration.ts';

interface Situation {
  /** Those of this image, in order. */
  migrations: readonly Migration[];
  /** The names that the database remembers. */
  applied: readonly string[];
  /** What the last run has written. */
  schema: Schema;
}

/** Whether to run what is missing, to leave a newer schema as it is, or why neither can be. */
export type MigrationPlan = { action: 'run' | 'keep' } | { action: 'refuse'; reason: string };

/** What this image may do with a database. Pure. */
export function planMigration({ migrations, applied, schema }: Situation): MigrationPlan {
  const own = targetOf(migrations);
  const known = new Set(migrations.map(({ name }) => name));
  const foreign = applied.filter((name) => !known.has(name));
  const missing = migrations.filter(({ name }) => !applied.includes(name));
  const version = Math.max(0, ...applied.map(versionOf));
  const refuse = (reason: string): MigrationPlan => ({ action: 'refuse', reason });

  if (foreign.length > 0 && missing.length > 0)
    return refuse(
      `the database was changed by other migrations (${foreign.join(', ')}) than this image knows: run the image that made them`,
    );
  if (foreign.length > 0 && own.version < schema.servesFrom)
    return refuse(
      `a downgrade: the database has schema version ${version}, which suits images from version ${schema.servesFrom} on, and this one is ${own.version}: run a newer image`,
    );
  if (foreign.length > 0) return { action: 'keep' };
  if (applied.length > 0 && version < own.servesFrom)
    return refuse(
      `an upgrade that skips a version: processes of schema version ${version} may be running, and version ${own.version} suits those from ${own.servesFrom} on: roll out an image of version ${own.servesFrom} first`,
    );
  return { action: 'run' };
}

/** The schema that all migrations lead to. */
export const targetOf = (migrations: readonly Migration[]): Schema => ({
  version: Math.max(0, ...migrations.map(({ name }) => versionOf(name))),
  servesFrom: Math.max(0, ...migrations.map(({ servesFrom = 0 }) => servesFrom)),
});
