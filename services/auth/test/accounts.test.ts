import assert from 'node:assert/strict';
import type { Knex } from '../../shared/mysql/database.ts';
import type { Tokens } from '../../shared/tokens.ts';
import { type AuthUnderTest, startAuth } from './fixture.ts';

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

describe('accounts', function () {
  this.timeout(90_000);
  let auth: AuthUnderTest;
  let db: Knex;
  let tokens: Tokens;
  let lines: string[];

  before(async () => {
    auth = await startAuth();
    ({ db, tokens, lines } = auth);
  });
  after(() => auth.stop());

  const ask: AuthUnderTest['account'] = (route, username, password) => auth.account(route, username, password);
  let users = 0;
  const newName = () => {
    users += 1;
    return `user ${users} 用户`;
  };

  it('are registered with a token that names the user, and log in', async () => {
    const name = newName();
    const registered = await ask('register', name, 'correct');
    assert.equal(registered.body.status_code, 0);
    assert.equal(tokens.verify(registered.body.token), registered.body.user_id);
    const loggedIn = await ask('login', name, 'correct');
    assert.equal(loggedIn.body.user_id, registered.body.user_id);
    assert.equal(tokens.verify(loggedIn.body.token), registered.body.user_id);
  });

  it('have a row of user, credential and counters each', async () => {
    const name = newName();
    const { body } = await ask('register', name, 'correct');
    const user = await db('user').where({ id: body.user_id }).first();
    assert.deepEqual([user.username, user.name, user.avatar_path, user.signature], [name, name, '', '']);
    const counters = await db('user_counter').where({ user_id: body.user_id }).first();
    assert.equal(counters.revision + counters.follow_count + counters.work_count, 0);
    const { password_hash } = await db('credential').where({ user_id: body.user_id }).first();
    assert.match(password_hash, /^\$argon2id\$v=19\$m=7168,t=5,p=1\$/);
  });

  it('of one name are one account, even when they come together', async () => {
    const name = newName();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('register', name, 'correct')));
    const codes = answers.map(({ body }) => body.status_code).sort();
    assert.deepEqual(codes, [0, ...Array(7).fill(40901)]);
    const refused = answers.find(({ body }) => body.status_code !== 0);
    assert.deepEqual([refused?.status, refused?.body.user_id, refused?.body.token], [200, 0, '']);
    const left = await db('credential')
      .leftJoin('user', 'user.id', 'credential.user_id')
      .whereNull('user.id')
      .pluck('credential.user_id');
    assert.deepEqual(left, []);
  });

  it('differ in every letter of their name', async () => {
    const name = newName();
    for (const other of [name, name.toUpperCase(), `${name}é`, `${name}e`]) {
      assert.equal((await ask('register', other, 'correct')).body.status_code, 0, other);
    }
  });

  it('give the same answer for a wrong password and an unknown user', async () => {
    const name = newName();
    await ask('register', name, 'correct');
    const wrong = await ask('login', name, 'Correct');
    const unknown = await ask('login', 'nobody at all', 'correct');
    assert.equal(wrong.body.status_code, 40102);
    assert.deepEqual(wrong.body, unknown.body);
    assert.deepEqual([wrong.body.user_id, wrong.body.token], [0, '']);
  });

  it('cannot be told from nobody by how long a refusal takes', async () => {
    const name = newName();
    await ask('register', name, 'correct');
    const timed = async (username: string) => {
      const startedMs = performance.now();
      await ask('login', username, 'Correct');
      return performance.now() - startedMs;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 25; round += 1) {
      known.push(await timed(name)); // in turns, so that a busy machine slows down both
      unknown.push(await timed('nobody at all'));
    }
    const [ofKnown, ofUnknown] = [medianOf(known), medianOf(unknown)];
    assert.ok(ofUnknown > ofKnown * 0.7 && ofUnknown < ofKnown * 1.4, `${ofKnown} ms and ${ofUnknown} ms`);
  });

  it('take 32 characters of any language, and not one more', async () => {
    assert.equal((await ask('register', '字'.repeat(32), '😀'.repeat(32))).body.status_code, 0);
    assert.equal((await ask('login', '字'.repeat(32), '😀'.repeat(32))).body.status_code, 0);
    assert.equal((await ask('register', 'a'.repeat(33), 'correct')).body.status_code, 40001);
    assert.equal((await ask('register', newName(), 'a'.repeat(33))).body.status_code, 40001);
  });

  it('refuse what is missing, too short or not printable, and say what', async () => {
    assert.match((await ask('register', '', 'correct')).body.status_msg, /username is missing/);
    assert.match((await ask('register', newName(), 'ab')).body.status_msg, /password must be a text from 3 to 32/);
    assert.equal((await ask('register', 'a\u0000b', 'correct')).body.status_code, 40001);
    assert.equal((await ask('register', 'line\nbreak', 'correct')).body.status_code, 40001);
  });

  it('are given a new hash at a login when the old one was made with other costs', async () => {
    const name = newName();
    const { body } = await ask('register', name, 'correct');
    const { hash } = await import('@node-rs/argon2');
    const outdated = await hash('correct', { memoryCost: 4096, timeCost: 3, parallelism: 1 });
    await db('credential').where({ user_id: body.user_id }).update({ password_hash: outdated });
    assert.equal((await ask('login', name, 'correct')).body.status_code, 0);
    const { password_hash } = await db('credential').where({ user_id: body.user_id }).first();
    assert.match(password_hash, /m=7168,t=5,p=1/);
    assert.equal((await ask('login', name, 'correct')).body.status_code, 0);
  });

  it('refuse a flood of logins with 503, and answer again afterwards', async () => {
    const flood = await Promise.all(Array.from({ length: 300 }, () => ask('login', 'nobody at all', 'x')));
    const statuses = new Set(flood.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [200, 503]);
    assert.equal((await ask('login', 'nobody at all', 'x')).body.status_code, 40102);
  });

  it('leave no password, hash or token in the log', async () => {
    lines.length = 0;
    const name = newName();
    const { body } = await ask('register', name, 'a secret word');
    await ask('register', name, 'a secret word');
    await ask('login', name, 'a wrong word');
    const logged = lines.join('');
    assert.ok(logged.includes('/douyin/user/register/'));
    for (const secret of ['secret', 'wrong word', 'argon2', body.token]) assert.ok(!logged.includes(secret), secret);
  });
});
