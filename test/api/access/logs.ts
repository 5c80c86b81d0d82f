import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../eventually.ts';
import { carriersOf, type World } from './world.ts';

type Log = [file: string, text: string];

const logsOf = ({ platform }: World): Log[] =>
  readdirSync(platform.logs)
    .filter((file) => file.endsWith('.log'))
    .map((file) => [file, readFileSync(join(platform.logs, file), 'utf8')]);

/** Requests with which something is wrong, each in another way. */
const wrong = [
  ['GET', '/douyin/user/login/'],
  ['POST', '/douyin/user/login/'],
  ['POST', '/douyin/nothing/'],
  ['POST', '/v1/nothing'],
  ['PUT', '/v1/logout'],
  ['POST', '/douyin/publish/action/'],
  ['GET', `/douyin/feed/${'x'.repeat(9_000)}`],
] as const;

/** What is written of all that the suite did: the last part of it. */
export const logs = (world: () => World) =>
  describe('leaves in the logs', () => {
    it('one id for a request in the gateway, in the service and with the client', async () => {
      const { headers } = await world().send('GET', '/douyin/user/', { parameters: { user_id: 3 } });
      const id = headers.get('x-request-id') ?? 'none';
      const files = await eventually('the lines of the log', async () => {
        const written = logsOf(world()).filter(([, text]) => text.includes(id));
        return written.length === 2 && written.map(([file]) => file.replace(/-\d/, ''));
      });
      assert.deepEqual(files.sort(), ['gateway.log', 'user.log']);
    });

    it('no password, token, hash or key, whatever was wrong with the request', async () => {
      const { asker, secrets, login } = world();
      const token = await login(asker);
      const password = `${asker.password}-mistyped`;
      secrets.add(password);
      const parameters = { username: asker.name, password };
      const askWrongly = async () => {
        for (const [method, path] of wrong)
          for (const carrier of carriersOf(method)) await world().post(method, path, { token, carrier, parameters });
      };
      await askWrongly();
      for (const component of ['auth', 'video', 'publish'] as const) await world().platform.kill(component);
      await askWrongly(); // nobody is there to answer some of it
      const found = logsOf(world()).flatMap(([file, text]) =>
        [...secrets].filter((secret) => text.includes(secret)).map((secret) => `${file} shows ${secret.slice(0, 8)}…`),
      );
      assert.deepEqual(found, []);
    });
  });
