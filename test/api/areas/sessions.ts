import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../client.ts';
import { type ApiUnderTest, newName } from '../platform.ts';

/** From the answer to a logout until every service refuses the token. */
const revokedWithinMs = 1_000;

/** How long a token is good for. */
export const sessions = (api: ApiUnderTest) =>
  describe('a session', () => {
    const logOut = async (path: '/v1/logout' | '/v1/logout-everywhere', { token }: { token: string }) => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(api.client.baseUrl + path, { method: 'POST', headers });
      assert.equal(status, 204);
    };
    /** Whether each service takes the token, asked of every replica. */
    const takenBy = async ({ token }: { token: string }): Promise<boolean[]> => {
      const [userId = 0] = api.library.userIds;
      const codes: number[] = [];
      for (let replica = 0; replica < 2; replica += 1) {
        const follow = { to_user_id: userId, action_type: 2 };
        codes.push((await api.client.call('relation', follow, { token })).status_code);
        const like = { video_id: api.library.videoIds[60] ?? 0, action_type: 2 };
        codes.push((await api.client.call('favorite', like, { token })).status_code);
        codes.push((await api.client.publish([['data', new Blob(['no video'])]], { token })).status_code);
      }
      return codes.map((code) => code !== 40101);
    };
    const password = 'a password that is used twice';
    const register = () => api.register(newName('session'), password);
    const logInAgain = ({ name }: Caller) => api.client.succeed('login', { username: name, password });
    const hasEndedEverywhere = async (...ended: { token: string }[]) => {
      await pause(revokedWithinMs);
      for (const session of ended) assert.deepEqual([...new Set(await takenBy(session))], [false]);
    };

    it('ends with a logout in every service within a second, and no other session with it [C]', async () => {
      const caller = await register();
      const other = await logInAgain(caller);
      assert.ok(!(await takenBy(caller)).includes(false));
      await logOut('/v1/logout', caller);
      await hasEndedEverywhere(caller);
      assert.ok(!(await takenBy(other)).includes(false));
    });

    it('ends with all others of its user at a logout everywhere, and a new one can begin [C]', async () => {
      const caller = await register();
      const other = await logInAgain(caller);
      await logOut('/v1/logout-everywhere', other);
      await hasEndedEverywhere(caller, other);
      assert.ok(!(await takenBy(await logInAgain(caller))).includes(false));
    });

    it('that has ended still reads what is public', async () => {
      const caller = await api.register();
      await logOut('/v1/logout', caller);
      await hasEndedEverywhere(caller);
      assert.equal((await api.client.succeed('feed', {}, caller)).video_list.length, 30);
    });
  });
