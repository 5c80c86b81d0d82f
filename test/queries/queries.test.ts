import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { freshDatabase } from '../backends/index.ts';
import { casesOf } from './cases.ts';
import { costOf, statementsOf } from './statement-costs.ts';
import { fillWorld } from './world.ts';

const services = new URL('../../services/', import.meta.url);

/** Rows that may be read for each one that is returned or changed. */
const examinedPerRow = 3;

describe('queries over data set M', function () {
  this.timeout(600_000);
  let db: Knex;
  let cases: ReturnType<typeof casesOf>;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    cases = casesOf(await fillWorld(db));
  });
  after(() => db.destroy());

  it('are all looked at: every exported function of a repository and of a load', async () => {
    const folder = fileURLToPath(services);
    const patterns = ['**/repositories/*.ts', '**/load.ts', 'like-writer/repository.ts', 'shared/outbox/send.ts'];
    const readsEverything = 'maintenance/**'; // checks of whole tables, for when nobody is in a hurry
    for (const file of globSync(patterns, { cwd: folder, exclude: [readsEverything] })) {
      const module: Record<string, unknown> = await import(new URL(file, services).href);
      const functions = Object.keys(module).filter((name) => typeof module[name] === 'function');
      assert.deepEqual(Object.keys(cases[file] ?? {}).sort(), functions.sort(), file);
    }
  });

  it('sort no table, and read few rows for each one that they return', async () => {
    const failures: string[] = [];
    let looked = 0;
    for (const [file, functions] of Object.entries(cases)) {
      for (const [name, calls] of Object.entries(functions)) {
        for (const statement of await statementsOf(db, () => inOrder(calls))) {
          const { examined, found, sorted } = await costOf(db, statement);
          looked += 1;
          if (sorted === 0 && examined <= examinedPerRow * Math.max(1, found)) continue;
          failures.push(`${file} ${name}: reads ${examined}, sorts ${sorted}, finds ${found}: ${statement.sql}`);
        }
      }
    }
    assert.deepEqual(failures, []);
    assert.ok(looked > 40, `${looked} statements`);
  });

  it('name no index and no optimizer switch', async () => {
    const hints = /\b(FORCE|USE|IGNORE) (INDEX|KEY)\b|\bSTRAIGHT_JOIN\b|\/\*\+/i;
    for (const functions of Object.values(cases))
      for (const calls of Object.values(functions))
        for (const { sql } of await statementsOf(db, () => inOrder(calls))) assert.doesNotMatch(sql, hints);
  });
});

async function inOrder(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const call of calls) await call();
}
