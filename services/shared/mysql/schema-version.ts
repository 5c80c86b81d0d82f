import { readdirSync } from 'node:fs';
import type { Health } from '../health.ts';
import type { Logger } from '../logger.ts';
import type { Knex } from './database.ts';

/** The state of a database: the number of its newest migration, and the oldest version whose processes it still suits. */
export interface Schema {
  version: number;
  servesFrom: number;
}

/** `0012-likeliest-users` → 12. */
export const versionOf = (migration: string): number => Number.parseInt(migration, 10);

/** The schema version that this tree is made for: the number of its newest migration, by the names of the files. */
export function ownSchemaVersion(folder = new URL('../../migrate/migrations/', import.meta.url)): number {
  const migrations = readdirSync(folder).filter((file) => /^\d{4}-.*\.ts$/.test(file));
  return Math.max(0, ...migrations.map(versionOf));
}

/** Why a process of a version cannot serve with a schema; undefined when it can. A newer schema suits until it ends the support. */
export function schemaComplaint(own: number, { version, servesFrom }: Schema): string | undefined {
  if (version < own)
    return `the database has schema version ${version} and this image needs ${own}: the migration has to run first`;
  if (own < servesFrom)
    return `the database has schema version ${version}, which suits images from version ${servesFrom} on, and this one is ${own}: run a newer image`;
  return undefined;
}

/** What the migration has written; version 0 where none ever did. */
export async function readSchema(db: Knex): Promise<Schema> {
  try {
    const row: Schema | undefined = await db('schema_version')
      .where('id', 1)
      .first({ version: 'version', servesFrom: 'serves_from' });
    return row ?? unwritten;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ER_NO_SUCH_TABLE') return unwritten;
    throw error;
  }
}

const unwritten: Schema = { version: 0, servesFrom: 0 };

/** A schema that suits is looked at again after this time. */
const trustMs = 15_000;

interface CheckOptions {
  db: Knex;
  logger: Logger;
  own?: number;
}

/**
 * Keeps a process from being ready while the database has a schema that it cannot serve with. A database that cannot be
 * asked changes nothing: requests that need it fail by themselves.
 */
export function checkSchema(health: Health, { db, logger, own = ownSchemaVersion() }: CheckOptions): void {
  let complaint: string | undefined;
  let suitedMs = Number.NEGATIVE_INFINITY;
  health.check('the schema version', async () => {
    if (performance.now() - suitedMs < trustMs) return true;
    try {
      const now = schemaComplaint(own, await readSchema(db));
      if (now !== undefined && now !== complaint) logger.warn(`not ready: ${now}`);
      complaint = now;
      if (complaint === undefined) suitedMs = performance.now();
    } catch {
      // what was known last holds
    }
    return complaint ?? true;
  });
}
