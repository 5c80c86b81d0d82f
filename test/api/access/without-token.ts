import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { createTokens } from '../../../services/shared/tokens.ts';
import { type Endpoint, endpoints } from './endpoints.ts';
import { promisedMs } from './logout.ts';
import { type Carrier, carriersOf, type Reply, type World } from './world.ts';

type Tokens = Readonly<Record<string, string | undefined>>;

/** Every endpoint is asked with every kind of token that is not valid, wherever it travels. */
export const withoutToken = (world: () => World) =>
  describe('without a valid token', () => {
    let tokens: Tokens;
    before(async () => {
      tokens = await invalidTokens(world());
    });

    for (const endpoint of endpoints) {
      const { method, path, withoutToken } = endpoint;
      it(`${method} ${path} gives ${withoutToken}`, async () => {
        const ask = (token?: string, carrier: Carrier = 'query') =>
          world().send(method, path, { ...endpoint.valid(world()), token, carrier });
        const anonymous = await ask();
        for (const [what, token, carrier] of everyWay(tokens, method))
          assertTreated(endpoint, { anonymous, reply: await ask(token, carrier) }, `${what} in the ${carrier}`);
      });
    }
  });

const everyWay = (tokens: Tokens, method: string): [string, string | undefined, Carrier][] =>
  Object.entries(tokens).flatMap(([what, token]) =>
    carriersOf(method).map((carrier): [string, string | undefined, Carrier] => [what, token, carrier]),
  );

function assertTreated(
  { path, withoutToken }: Endpoint,
  replies: Record<'anonymous' | 'reply', Reply>,
  message: string,
) {
  const { http, body } = replies.reply;
  if (withoutToken !== 'a refusal') assert.deepEqual([http, body.status_code], [200, 0], message);
  else if (path.startsWith('/v1/')) assert.deepEqual([http, body.code], [401, 'token_invalid'], message);
  else assert.deepEqual([http, body.status_code], [200, 40101], message);
  if (withoutToken === 'the anonymous answer') assert.deepEqual(body, replies.anonymous.body, message);
}

async function invalidTokens(world: World): Promise<Tokens> {
  const { asker, other, keys, login, send } = world;
  const [{ secret }] = JSON.parse(keys);
  const signed = (options: jwt.SignOptions) =>
    jwt.sign({}, createSecretKey(secret, 'utf8'), {
      ...{ keyid: 'matrix', issuer: 'tiktok-lite', audience: 'tiktok-lite-api', subject: String(asker.id) },
      ...{ jwtid: 'x', expiresIn: 60, ...options },
    });
  const [loggedOut, everywhere] = [await login(asker), await login(other)];
  await send('POST', '/v1/logout', { token: loggedOut, carrier: 'header' });
  await send('POST', '/v1/logout-everywhere', { token: everywhere, carrier: 'header' });
  other.token = await login(other);
  await pause(promisedMs); // so much later, all processes know
  const [header, payload] = signed({}).split('.');
  const foreignKeys = JSON.stringify([{ kid: 'matrix', secret: 'x'.repeat(32) }]);
  return {
    ...{ none: undefined, empty: '', text: 'rubbish', 'without signature': `${header}.${payload}.` },
    'of another key': createTokens({ keys: foreignKeys }).issue(asker.id),
    'for another audience': signed({ audience: 'another' }),
    expired: signed({ expiresIn: -1 }),
    'of a session that was ended': loggedOut,
    'of sessions that were all ended': everywhere,
  };
}
