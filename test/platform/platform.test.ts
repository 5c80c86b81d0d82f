import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlatformUnderTest, startPlatform } from './index.ts';

describe('a platform of processes', function () {
  this.timeout(120_000);

  let platform: PlatformUnderTest;
  before(async () => {
    platform = await startPlatform({ replicas: { auth: 2, publish: 0, transcoder: 0, 'like-writer': 0 } });
  });
  after(() => platform.stop());

  const post = async (base: string, path: string, parameters: Record<string, string>) => {
    const response = await fetch(`${base}${path}?${new URLSearchParams(parameters)}`, { method: 'POST' });
    return { status: response.status, body: await response.json() };
  };
  const register = (name: string, base = platform.url) =>
    post(base, '/douyin/user/register/', { username: name, password: 'a password' });

  it('is reached through the gateway, which shares the requests out', async () => {
    for (const name of ['one', 'two', 'three', 'four']) assert.equal((await register(name)).body.status_code, 0);
    const log = readFileSync(join(platform.logs, 'gateway.log'), 'utf8');
    for (const replica of [0, 1])
      assert.ok(log.includes(`"upstream":"${new URL(platform.addressOf('auth', replica)).host}"`));
  });

  it('accepts the tokens that a test issues', async () => {
    const { body } = await register('somebody');
    const token = platform.tokens.issue(body.user_id);
    const answer = await fetch(`${platform.url}/douyin/user/?token=${token}`);
    assert.equal((await answer.json()).user.name, 'somebody');
  });

  it('answers while a replica is dead, and uses the replica when it is back', async () => {
    const dead = platform.pidOf('auth', 1);
    await platform.kill('auth', 1);
    assert.equal(existsSync(`/proc/${dead}`), false);
    for (const name of ['five', 'six', 'seven']) assert.equal((await register(name)).body.status_code, 0);
    await platform.restart('auth', 1);
    assert.equal((await register('eight', platform.addressOf('auth', 1))).body.status_code, 0);
  });

  it('says in problem details when a component of /v1 is away', async () => {
    await platform.kill('auth', 0);
    await platform.kill('auth', 1);
    const response = await fetch(`${platform.url}/v1/logout`, { method: 'POST' });
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1']);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const problem = await response.json();
    assert.deepEqual([problem.status, problem.code], [503, 'unavailable']);
    assert.equal(problem.request_id, response.headers.get('x-request-id'));
  });

  it('says in the envelope when a component is away', async () => {
    const { status, body } = await post(platform.url, '/douyin/publish/action/', {});
    assert.deepEqual([status, body.status_code], [503, 50300]);
  });
});
