import type { Knex } from '../mysql/database.ts';

/** The SQL that was sent while something was done. */
export async function statementsDuring(db: Knex, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }) => void statements.push(sql);
  db.on('query', note);
  await work();
  db.off('query', note);
  return statements;
}
