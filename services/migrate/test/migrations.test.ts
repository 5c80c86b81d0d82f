import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { createHealth } from '../../shared/health.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { checkSchema, readSchema, versionOf } from '../../shared/mysql/schema-version.ts';
import { quietLogger } from '../../shared/test/read-models/fixture.ts';
import { migrateDatabase, rollBackDatabase } from '../migrate-database.ts';
import { migrations } from '../migrations/index.ts';

describe('migrations', function () {
  this.timeout(90_000);
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
    assert.deepEqual((await migrateDatabase(db)).ran, names);
    const first = await schema();
    assert.ok(first.length > 30);
    assert.deepEqual(await rollBackDatabase(db), [...names].reverse());
    assert.deepEqual(await schema(), []);
    assert.deepEqual((await migrateDatabase(db)).ran, names);
    assert.deepEqual(await schema(), first);
  });

  it('do nothing when the schema is new enough', async () => {
    assert.deepEqual((await migrateDatabase(db)).ran, []);
  });

  it('run once when several processes start them together', async () => {
    await rollBackDatabase(db);
    const runs = await Promise.all([migrateDatabase(db), migrateDatabase(db), migrateDatabase(db)]);
    assert.deepEqual(
      runs.flatMap(({ ran }) => ran),
      names,
    );
  });

  it('go on after a run that was killed while it held the lock row', async () => {
    await db('knex_migrations_lock').update({ is_locked: 1 });
    assert.deepEqual((await migrateDatabase(db)).ran, []);
  });

  it('write the version of the schema, which an image of before leaves as it is', async () => {
    const version = versionOf(names.at(-1) ?? '');
    assert.deepEqual(await readSchema(db), { version, servesFrom: 0 });
    assert.deepEqual(await migrateDatabase(db, migrations.slice(0, -1)), { ran: [], version });
    assert.deepEqual(await readSchema(db), { version, servesFrom: 0 });
  });

  it('that end the support of older processes keep images of before away, in words', async () => {
    const nothing = async () => undefined;
    const next = { name: '9998-stop-using', up: nothing, down: nothing };
    const contract = { name: '9999-take-away', servesFrom: 9998, up: nothing, down: nothing };
    await assert.rejects(
      migrateDatabase(db, [...migrations, next, contract]),
      /roll out an image of version 9998 first/,
    );
    await migrateDatabase(db, [...migrations, next]);
    await migrateDatabase(db, [...migrations, next, contract]);
    assert.deepEqual(await readSchema(db), { version: 9999, servesFrom: 9998 });
    await assert.rejects(migrateDatabase(db), /a downgrade: .* version 9999, which suits images from version 9998 on/);

    const health = createHealth();
    health.started();
    checkSchema(health, { db, logger: quietLogger });
    assert.match((await health.complaints()).join(), /schema version 9999, .* run a newer image/);
  });
});
