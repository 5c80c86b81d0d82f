import assert from 'node:assert/strict';
import type { World } from './world.ts';

/** A revocation is known everywhere within this time. */
export const promisedMs = 1_000;

/** A route of one process that wants to know who asks. */
interface Door {
  method: string;
  url: string;
}

const replicas = [0, 1];

const doorsOf = ({ platform }: World): Door[] => [
  ...replicas.map((replica) => ({ method: 'GET', url: `${platform.addressOf('user', replica)}/douyin/user/` })),
  ...replicas.map((replica) => ({
    ...{
      method: 'POST',
      url: `${platform.addressOf('video', replica)}/douyin/favorite/action/?video_id=1&action_type=1`,
    },
  })),
];

async function letsIn({ method, url }: Door, token: string): Promise<boolean> {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  const { status_code } = (await response.json()) as { status_code: number };
  return status_code !== 40101;
}

/** A logout is known in every process of every service. */
export const logout = (world: () => World) =>
  describe('after a logout', () => {
    for (const path of ['/v1/logout', '/v1/logout-everywhere']) {
      it(`${path} ends what it says in every process within ${promisedMs} ms, and a new login is let in`, async () => {
        const { register, login, send } = world();
        const doors = doorsOf(world());
        const account = await register();
        const token = await login(account);
        const through = (which: string) => Promise.all(doors.map((door) => letsIn(door, which)));
        assert.deepEqual(
          await through(token),
          doors.map(() => true),
        );
        const sentMs = performance.now();
        assert.equal((await send('POST', path, { token, carrier: 'header' })).http, 204);
        assert.equal((await send('POST', path, { token, carrier: 'header' })).http, 401);
        while ((await through(token)).includes(true)) assert.ok(performance.now() - sentMs < promisedMs);
        assert.deepEqual(
          await through(account.token),
          doors.map(() => path === '/v1/logout'),
        );
        assert.deepEqual(
          await through(await login(account)),
          doors.map(() => true),
        );
      });
    }
  });
