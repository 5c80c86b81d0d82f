import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { migrateDatabase, rollBackDatabase } from '../migrate-database.ts';
import { migrations } from '../migrations/index.ts';

describe('migrations', function () {
  this.timeout(60_000);
  let db: Knex;
  before(async () => {
    db = connectDatabase(await freshDatabase({ migrated: false }));
  });
  after(() => db.destroy());

  const schema = async () => {
    const [rows] = await db.raw(
      `SELECT table_name AS name, column_name AS col, column_type AS type, is_nullable AS nullable FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name NOT LIKE 'knex%' ORDER BY 1, 2`,
    );
    return rows;
  };
  const names = migrations.map(({ name }) => name);

  it('run up, down and up again to the same schema', async () => {
    assert.deepEqual(await migrateDatabase(db), names);
    const first = await schema();
    assert.ok(first.length > 30);
    assert.deepEqual(await rollBackDatabase(db), [...names].reverse());
    assert.deepEqual(await schema(), []);
    assert.deepEqual(await migrateDatabase(db), names);
    assert.deepEqual(await schema(), first);
  });

  it('do nothing when the schema is new enough', async () => {
    assert.deepEqual(await migrateDatabase(db), []);
  });

  it('run once when several processes start them together', async () => {
    await rollBackDatabase(db);
    const runs = await Promise.all([migrateDatabase(db), migrateDatabase(db), migrateDatabase(db)]);
    assert.deepEqual(runs.flat(), names);
  });

  it('go on after a run that was killed while it held the lock row', async () => {
    await db('knex_migrations_lock').update({ is_locked: 1 });
    assert.deepEqual(await migrateDatabase(db), []);
  });
});
