import type { Knex } from 'knex';
import { transact } from '../../shared/mysql/transact.ts';

interface Filling {
  table: string;
  /** The columns of the primary key, numbers all. */
  key: readonly string[];
  /** Fills what is missing in the rows with these keys; safe to repeat. */
  fill(db: Knex, keys: readonly number[][]): Promise<unknown>;
}

/** So few that no row is locked for longer than a moment. */
const batchRows = 1_000;

/** Walks through a table in the order of its primary key and fills rows, a short transaction for each batch. */
export async function fillInBatches(db: Knex, { table, key, fill }: Filling): Promise<void> {
  let last: readonly number[] | undefined;
  do {
    const keys = await keysAfter(db, { table, key, last });
    if (keys.length > 0) await transact(db, (trx) => fill(trx, keys));
    last = keys.length === batchRows ? keys.at(-1) : undefined;
  } while (last);
}

async function keysAfter(
  db: Knex,
  { table, key, last }: Pick<Filling, 'table' | 'key'> & { last: readonly number[] | undefined },
): Promise<number[][]> {
  const query = db(table)
    .orderBy([...key])
    .limit(batchRows)
    .select(...key);
  if (last) query.where((after) => isAfter(after, key, last));
  const rows: Record<string, number>[] = await query;
  return rows.map((row) => key.map((column) => Number(row[column])));
}

/** Written out for the optimizer, which makes no range of a comparison of tuples: a > 1 or (a = 1 and b > 2). */
function isAfter(query: Knex.QueryBuilder, key: readonly string[], last: readonly number[]): void {
  for (const [index, column] of key.entries()) {
    const equal = Object.fromEntries(key.slice(0, index).map((name, at) => [name, last[at]]));
    query.orWhere((one) => one.where(equal).andWhere(column, '>', last[index] ?? 0));
  }
}
