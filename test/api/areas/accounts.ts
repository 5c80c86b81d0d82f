import assert from 'node:assert/strict';
import { type ApiUnderTest, newName } from '../platform.ts';

const daySeconds = 24 * 3600;

/** Registering, logging in, and profiles. */
export const accounts = (api: ApiUnderTest) =>
  describe('accounts', () => {
    const credentials = (username: string, password: string) => ({ username, password });

    it('are registered and logged into', async () => {
      const username = newName('login');
      const registered = await api.client.succeed('register', credentials(username, 'open sesame 1'));
      const loggedIn = await api.client.succeed('login', credentials(username, 'open sesame 1'));
      assert.equal(loggedIn.user_id, registered.user_id);
      for (const { token } of [registered, loggedIn]) {
        const { user } = await api.client.succeed('user', {}, { token });
        assert.deepEqual([user.id, user.name], [registered.user_id, username]);
      }
    });

    it('have a name and a password of 1 to 32 characters, whatever their bytes', async () => {
      const start = newName('');
      for (const name of [`${start}${'名'.repeat(32 - start.length)}`, `${start}😀 'é"\\`])
        await api.client.succeed('register', credentials(name, 'ⓟ'.repeat(32)));
      for (const [name, password] of [
        ['', 'password'],
        [newName('x').padEnd(33, '名'), 'password'],
        [`a\n${start}`, 'password'],
        [newName('x'), ''],
        [newName('x'), 'p'.repeat(33)],
      ] as const)
        assert.equal(await api.client.refusal('register', credentials(name, password)), 40001);
    });

    it('have names of their own, and a second one is told so with an empty user and token', async () => {
      const username = newName('taken');
      await api.client.succeed('register', credentials(username, 'mine'));
      const second = await api.client.call('register', credentials(username, 'yours'));
      assert.deepEqual([second.status_code, second.user_id, second.token], [40901, 0, '']);
      await api.client.succeed('login', credentials(username, 'mine'));
    });

    it('of one name are one, also when they are registered at the same moment [19]', async () => {
      const username = newName('race');
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          api.client.call('register', credentials(username, `password ${index}`)),
        ),
      );
      assert.deepEqual(answers.map(({ status_code }) => status_code).sort(), [0, 40901, 40901, 40901, 40901, 40901]);
    });

    it('have ids of 53 bits, none given twice by any process [15]', async () => {
      const ids = await Promise.all(Array.from({ length: 24 }, async () => (await api.register()).id));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.every((id) => Number.isSafeInteger(id)));
    });

    it('do not tell whether a name exists: a wrong password and an unknown user get one answer', async () => {
      const { name } = await api.register();
      const wrong = await api.client.call('login', credentials(name, 'not it'));
      const unknown = await api.client.call('login', credentials(newName('nobody'), 'not it'));
      assert.equal(wrong.status_code, 40102);
      assert.deepEqual([unknown.status_code, unknown.status_msg], [wrong.status_code, wrong.status_msg]);
    });

    it('stay logged in for thirty days, since the official client cannot refresh [13]', async () => {
      const { token } = await api.register();
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      assert.equal(claims.exp - claims.iat, 30 * daySeconds);
    });

    it('begin with counts of zero, and show every field', async () => {
      const caller = await api.register();
      const { user } = await api.client.succeed('user', { user_id: caller.id }, caller);
      assert.deepEqual(user, {
        ...{ id: caller.id, name: caller.name, signature: '', avatar: '', background_image: '', is_follow: false },
        ...{ follow_count: 0, follower_count: 0, total_favorited: 0, work_count: 0, favorite_count: 0 },
      });
    });

    it('are looked up by id; one that is not there is an error and breaks nothing [14]', async () => {
      const [known = 0] = api.library.userIds;
      assert.equal((await api.client.succeed('user', { user_id: known })).user.id, known);
      assert.equal(await api.client.refusal('user', { user_id: 3 }), 40402);
      assert.equal(await api.client.refusal('user', {}), 40101);
      assert.equal((await api.client.succeed('user', { user_id: known })).user.id, known);
    });
  });
