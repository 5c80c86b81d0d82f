import type { Knex } from '../../../services/shared/mysql/database.ts';

export type Value = number | string | boolean | null;

/** So many rows a statement: half a megabyte of text at most. */
const rowsPerStatement = 4_000;

/** Inserts rows in statements of thousands, written out as text: binding each value costs several times the insert. */
export async function insertRows(
  db: Knex,
  into: { table: string; columns: readonly string[] },
  rows: Iterable<readonly Value[]>,
): Promise<void> {
  const begin = `INSERT INTO ${into.table} (${into.columns.join(',')}) VALUES `;
  let texts: string[] = [];
  const flush = async () => {
    if (texts.length > 0) await db.raw(begin + texts.join(','));
    texts = [];
  };
  for (const row of rows) {
    texts.push(`(${row.map(literal).join(',')})`);
    if (texts.length === rowsPerStatement) await flush();
  }
  await flush();
}

/** The texts of a data set are its own; one that would need escaping is a mistake in it. */
function literal(value: Value): string {
  if (typeof value !== 'string') return String(value);
  if (/['\\?]/.test(value)) throw new Error(`a data set has no text that needs escaping: ${value}`);
  return `'${value}'`;
}
