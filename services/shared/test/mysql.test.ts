import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseSettings, freshDatabase } from '../../../test/backends/index.ts';
import { toApiError } from '../errors.ts';
import { connectDatabase, databaseAnswers, type Knex, transact } from '../mysql/database.ts';

describe('database connection', function () {
  this.timeout(90_000);
  let settings: DatabaseSettings;
  let db: Knex;
  before(async () => {
    settings = await freshDatabase();
    db = connectDatabase(settings);
  });
  after(() => db.destroy());
  beforeEach(async () => {
    await db('user_counter').delete();
    await db('user_counter').insert([{ user_id: 1 }, { user_id: 2 }]);
  });

  const counter = (userId: number) => db('user_counter').where({ user_id: userId });

  it('counts an update that changes nothing as no changed row', async () => {
    assert.equal(await counter(1).update({ work_count: 3 }), 1);
    assert.equal(await counter(1).update({ work_count: 3 }), 0);
  });

  it('reads committed rows, in UTC, and refuses values that do not fit', async () => {
    const [[session]] = await db.raw('SELECT @@tx_isolation AS isolation, @@time_zone AS zone, @@sql_mode AS mode');
    assert.deepEqual([session.isolation, session.zone], ['READ-COMMITTED', '+00:00']);
    await assert.rejects(db('user').insert({ id: 1, username: 'x'.repeat(65), name: 'x', created_at: 0 }), /too long/);
  });

  it('reads integers exactly up to 2^53, and refuses larger ones by name', async () => {
    await counter(1).update({ revision: Number.MAX_SAFE_INTEGER });
    const row = await counter(1).first();
    assert.equal(row.revision, 9_007_199_254_740_991);
    await db.raw('UPDATE user_counter SET revision = 9007199254740993 WHERE user_id = 1');
    const reading = Promise.resolve(counter(1).first());
    await assert.rejects(reading, /user_counter\.revision holds 9007199254740993/);
    assert.equal((await counter(2).first()).revision, 0);
  });

  it('reads counts and sums of integers as numbers', async () => {
    const [[row]] = await db.raw('SELECT COUNT(*) AS rows_, MAX(user_id) AS most FROM user_counter');
    assert.deepEqual([row.rows_, row.most], [2, 2]);
  });

  it('runs a transaction again when it had to give way in a deadlock', async () => {
    let runs = 0;
    const both = (first: number, second: number) =>
      transact(db, async (trx) => {
        runs += 1;
        await trx('user_counter').where({ user_id: first }).increment('work_count', 1);
        await trx.raw('SELECT SLEEP(0.05)');
        await trx('user_counter').where({ user_id: second }).increment('work_count', 1);
      });
    await Promise.all([both(1, 2), both(2, 1), both(1, 2), both(2, 1)]);
    assert.ok(runs > 4, 'nobody gave way: the test has shown nothing');
    assert.deepEqual([(await counter(1).first()).work_count, (await counter(2).first()).work_count], [4, 4]);
  });

  it('takes back everything of a transaction whose work fails, and does not repeat it', async () => {
    let runs = 0;
    const work = transact(db, async (trx) => {
      runs += 1;
      await trx('user_counter').where({ user_id: 1 }).update({ work_count: 9 });
      throw new Error('no');
    });
    await assert.rejects(work, /^Error: no$/);
    assert.deepEqual([runs, (await counter(1).first()).work_count], [1, 0]);
  });

  it('tells a server that is away from a mistake of ours', async () => {
    const away = connectDatabase({ ...settings, DATABASE_PORT: 1 });
    const failure = await databaseAnswers(away)().catch((error: unknown) => error);
    assert.equal(toApiError(failure).code, 'unavailable');
    await away.destroy();
    const mistake = await db.raw('SELECT nonsense').catch((error: unknown) => error);
    assert.equal(toApiError(mistake).code, 'internal');
  });

  it('logs in as whom the settings name, at the server that they name', async () => {
    for (const [wrong, complaint] of [
      [{ DATABASE_USER: 'stranger' }, /Access denied for user 'stranger'/],
      [{ DATABASE_HOST: 'no-such-host.invalid' }, /no-such-host\.invalid/],
    ] as const) {
      const nobody = connectDatabase({ ...settings, ...wrong });
      await assert.rejects(nobody('user').first(), complaint);
      await nobody.destroy();
    }
  });

  it('refuses soon when every connection is taken', async () => {
    const small = connectDatabase({ ...settings, DATABASE_POOL_SIZE: 1 });
    const sleeping = Promise.resolve(small.raw('SELECT SLEEP(6)')); // knex sends a statement when it is awaited
    await pause(100);
    const failure = await small.raw('SELECT 1').catch((error: unknown) => error);
    assert.equal(toApiError(failure).code, 'unavailable', String(failure));
    await sleeping;
    await small.destroy();
  });
});
