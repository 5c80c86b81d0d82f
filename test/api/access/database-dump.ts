import type { Knex } from '../../../services/shared/mysql/database.ts';

/** Every row of every table, as text. */
export type Dump = ReadonlyMap<string, ReadonlySet<string>>;

/** What no request is about. */
const others = /^knex_|^worker$/;

export async function dump(db: Knex): Promise<Dump> {
  const [tables] = await db.raw('SHOW TABLES');
  const names = (tables as object[]).map((row) => String(Object.values(row)[0])).filter((name) => !others.test(name));
  const rows = await Promise.all(names.map((name) => db(name)));
  return new Map(names.map((name, index) => [name, new Set(rows[index]?.map((row) => JSON.stringify(row)))]));
}

/** The rows that are new or not as they were, by their table. */
export const rowsThatDiffer = (before: Dump, after: Dump): Record<string, string[]> =>
  Object.fromEntries(
    [...after].map(([table, rows]) => [table, [...rows].filter((row) => !before.get(table)?.has(row))]),
  );
