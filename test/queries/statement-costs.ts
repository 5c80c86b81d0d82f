import type { Knex } from '../../services/shared/mysql/database.ts';

export interface Statement {
  sql: string;
  bindings: readonly Knex.RawBinding[];
}

/** What the server did for a statement. */
export interface StatementCost {
  /** Rows that it read, by index or not. */
  examined: number;
  /** Rows that it returned, or found to be changed. */
  found: number;
  /** Rows that it sorted, because no index has them in order. */
  sorted: number;
}

/** The statements that were sent while something was done, those that only insert left out: they read nothing. */
export async function statementsOf(db: Knex, work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const note = ({ sql, bindings = [] }: { sql: string; bindings?: Knex.RawBinding[] }) => {
    if (/^(select|update|delete)\b/i.test(sql)) statements.push({ sql, bindings });
  };
  db.on('query', note);
  await work();
  db.off('query', note);
  return statements;
}

/** Runs a statement again, in transactions that are undone, and asks the server what it cost. */
export const costOf = async (db: Knex, statement: Statement): Promise<StatementCost> => ({
  ...(await undone(db, (trx) => run(trx, statement))),
  examined: await undone(db, (trx) => rowsExamined(trx, statement)),
});

async function undone<Result>(db: Knex, work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result> {
  const trx = await db.transaction();
  try {
    return await work(trx);
  } finally {
    await trx.rollback();
  }
}

async function run(trx: Knex, { sql, bindings }: Statement): Promise<{ found: number; sorted: number }> {
  const before = await rowsSorted(trx);
  const [reply] = await trx.raw(sql, [...bindings]);
  const matched = /Rows matched: (\d+)/.exec(reply.info)?.[1]; // of an UPDATE that may have nothing left to change
  const found = Array.isArray(reply) ? reply.length : Number(matched ?? reply.affectedRows);
  return { found, sorted: (await rowsSorted(trx)) - before };
}

async function rowsSorted(trx: Knex): Promise<number> {
  const [[row]] = await trx.raw("SHOW SESSION STATUS LIKE 'Sort_rows'");
  return Number(row.Value);
}

/** As ANALYZE of MariaDB tells it, which runs the statement and counts. */
async function rowsExamined(trx: Knex, { sql, bindings }: Statement): Promise<number> {
  const [[row]] = await trx.raw(`ANALYZE FORMAT=JSON ${sql}`, [...bindings]);
  return sumOfRows(JSON.parse(row.ANALYZE));
}

function sumOfRows(plan: unknown): number {
  if (typeof plan !== 'object' || plan === null) return 0;
  const own =
    'table_name' in plan && 'r_loops' in plan && 'r_rows' in plan ? Number(plan.r_loops) * Number(plan.r_rows) : 0;
  return Object.values(plan).reduce((sum: number, part) => sum + sumOfRows(part), own);
}
