import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { freshPrefixOn } from '../../../test/backends/index.ts';
import { type RedisServer, startRedis } from '../../../test/backends/redis.ts';
import { mastersOf } from '../../shared/redis/connect.ts';
import { publishRevocation } from '../../shared/sessions/channel.ts';
import { type AuthUnderTest, bearing, startAuth, type Verifier } from './fixture.ts';

/** A revocation has to be known everywhere within this time. */
const promisedMs = 1_000;

async function within(ms: number, what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > deadline) assert.fail(`${what} did not happen within ${ms} ms`);
    await pause(5);
  }
}

describe('sessions', function () {
  this.timeout(90_000);
  let auth: AuthUnderTest;
  let other: Verifier;

  before(async () => {
    auth = await startAuth();
    other = await auth.verifier();
  });
  after(() => auth.stop());

  let users = 0;
  const register = async () => {
    users += 1;
    const name = `session ${users}`;
    const { body } = await auth.account('register', name, 'correct');
    return { name, userId: Number(body.user_id), token: String(body.token) };
  };
  const login = async (name: string): Promise<string> => (await auth.account('login', name, 'correct')).body.token;
  const isRefused = (token: string) => () => other.tokens.verify(token) === undefined;

  it('end at a logout in every process, and no other session with them', async () => {
    const { name, userId, token } = await register();
    const second = await login(name);
    assert.equal(other.tokens.verify(token), userId);
    const { status, body } = await auth.post('/v1/logout', bearing(token));
    assert.deepEqual([status, body], [204, undefined]);
    assert.equal(auth.tokens.verify(token), undefined);
    await within(promisedMs, 'the revocation', isRefused(token));
    assert.equal(other.tokens.verify(second), userId);
  });

  it('end all at once at a logout everywhere; a later login begins a new one', async () => {
    const { name, userId, token } = await register();
    const tokens = [token, await login(name), await login(name)];
    const { token: foreign, userId: foreignId } = await register();
    assert.equal((await auth.post('/v1/logout-everywhere/', bearing(tokens[1] ?? ''))).status, 204);
    for (const ended of tokens) await within(promisedMs, 'the revocation', isRefused(ended));
    assert.equal(other.tokens.verify(await login(name)), userId);
    assert.equal(other.tokens.verify(foreign), foreignId);
  });

  it('stay ended for a process that starts later', async () => {
    const { token } = await register();
    const { name, token: another } = await register();
    await auth.post('/v1/logout', bearing(token));
    await auth.post('/v1/logout-everywhere', bearing(another));
    const late = await auth.verifier();
    assert.equal(late.tokens.verify(token), undefined);
    assert.equal(late.tokens.verify(another), undefined);
    assert.ok(late.tokens.verify(await login(name)));
  });

  it('can be ended from two places at the same moment', async () => {
    const { name, token } = await register();
    const second = await login(name);
    const answers = await Promise.all(
      [token, second, token, second].map((each) => auth.post('/v1/logout-everywhere', bearing(each))),
    );
    assert.ok(answers.every(({ status }) => status === 204 || status === 401));
    await within(promisedMs, 'the revocation', isRefused(second));
    assert.ok(auth.tokens.verify(await login(name)));
  });

  it('are ended only by who holds a valid token, and refusals are problem details', async () => {
    const { token } = await register();
    for (const refused of ['', 'abc', `${token}x`]) {
      for (const path of ['/v1/logout', '/v1/logout-everywhere']) {
        const { status, headers, body } = await auth.post(path, refused === '' ? {} : bearing(refused));
        assert.equal(status, 401);
        assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
        assert.equal(headers.get('www-authenticate'), 'Bearer');
        assert.deepEqual([body.status, body.code], [401, 'token_invalid']);
      }
    }
    assert.equal((await auth.post('/v1/logout', bearing(token))).status, 204);
    assert.equal((await auth.post('/v1/logout', bearing(token))).status, 401);
  });

  it('of a user who does not exist cannot be ended everywhere', async () => {
    assert.equal((await auth.post('/v1/logout-everywhere', bearing(auth.tokens.issue(1)))).status, 401);
  });

  it('are kept as revoked until the last token that may be concerned has expired', async () => {
    const { name, userId, token } = await register();
    const longest = 400 * 24 * 3_600_000 + Date.now(); // a lifetime that was set once, and is no longer
    await auth.db('credential').where({ user_id: userId }).update({ tokens_until: longest });
    await auth.post('/v1/logout', bearing(await login(name)));
    await auth.post('/v1/logout-everywhere', bearing(token));
    const rows = await auth.db('revocation').where({ user_id: userId }).orderBy('id').pluck('expires_at');
    assert.ok(rows[0] > Date.now() && rows[0] <= Date.now() + 3_600_000, `${rows[0]}`);
    assert.equal(rows[1], longest);
  });

  it('are written down at a login only once in a while', async () => {
    const { name, userId } = await register();
    const tokensUntil = async () =>
      (await auth.db('credential').where({ user_id: userId }).first('tokens_until')).tokens_until;
    const first = await tokensUntil();
    await login(name);
    assert.equal(await tokensUntil(), first);
    await auth.db('credential').where({ user_id: userId }).update({ tokens_until: Date.now() });
    await login(name);
    assert.ok((await tokensUntil()) >= first);
  });

  describe('that end while a process does not hear of it', () => {
    it('are found in the rows when the channel was lost, and are heard of again afterwards', async () => {
      const [{ token }, { token: second }] = [await register(), await register()];
      await Promise.all(mastersOf(auth.redis).map((server) => server.call('CLIENT', 'KILL', 'TYPE', 'pubsub')));
      await auth.post('/v1/logout', bearing(token)); // hardly anybody listens now
      await within(promisedMs, 'the look at the rows', isRefused(token));

      const session = auth.tokens.read(second);
      assert.ok(session);
      const deadline = performance.now() + 10_000;
      while (!isRefused(second)() && performance.now() < deadline) {
        await publishRevocation(auth.redis, auth.cache.CACHE_KEY_PREFIX, session); // without a row
        await pause(20);
      }
      assert.ok(isRefused(second)());
    });

    it('are found in the rows while Redis is away', async () => {
      const server: RedisServer = await startRedis();
      const lonely = await startAuth({ cache: freshPrefixOn(server) });
      try {
        const listener = await lonely.verifier();
        const { body } = await lonely.account('register', 'lonely', 'correct');
        assert.equal(listener.tokens.verify(body.token), body.user_id);
        await server.stop();
        assert.equal((await lonely.post('/v1/logout', bearing(body.token))).status, 204);
        await within(promisedMs, 'the look at the rows', () => listener.tokens.verify(body.token) === undefined);
      } finally {
        await lonely.stop();
      }
    });
  });
});
