import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { createManualClock } from '../kubernetes/testing/manual-clock.ts';
import type { ServerTarget } from './target.ts';
import { createServerWatch } from './watch.ts';

const target = (host = 'redis', password = 'secret'): ServerTarget => ({
  kind: 'cache',
  addresses: [{ host, port: 6379 }],
  ...{ mode: 'standalone', keyPrefix: 'clips', password, tls: 'off' },
});
const database: ServerTarget = {
  kind: 'database',
  addresses: [{ host: 'db', port: 3306 }],
  ...{ database: 'clips', username: 'clips', password: 'secret', tls: 'off' },
};
const refusal = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const denial = Object.assign(new Error('denied'), { code: 'ER_ACCESS_DENIED_ERROR' });

describe('the watch over servers', () => {
  /** A watch over servers that do what the test says. */
  function build() {
    const clock = createManualClock();
    const servers = { reached: 0, checked: 0, reach: async () => undefined, check: async () => undefined };
    const watch = createServerWatch({
      clock,
      random: () => 0,
      reach: async () => {
        servers.reached += 1;
        await servers.reach();
      },
      check: async () => {
        servers.checked += 1;
        await servers.check();
      },
    });
    const told: string[] = [];
    watch.onChanged((owner) => told.push(owner));
    const state = async (owner = 'shop/demo', one = target()) => {
      const [known] = await watch.look(owner, [one]);
      return known?.health.state === 'ill' ? known.health.failure.reason : known?.health.state;
    };
    return { clock, servers, watch, told, state };
  }
  const refuse = () => Promise.reject(refusal);

  it('knows of the first look at once, and logs in once a minute while it reaches more often', async () => {
    const { clock, servers, state } = build();
    assert.equal(await state(), 'well');
    for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
    assert.ok(servers.reached >= 14 && servers.reached <= 16, String(servers.reached));
    assert.ok(servers.checked <= 2, String(servers.checked));
  });

  it('logs in to a database each time, which shuts out who breaks connections off', async () => {
    const { clock, servers, state } = build();
    assert.equal(await state('shop/demo', database), 'well');
    for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
    assert.equal(servers.reached, 0);
    assert.ok(servers.checked >= 14 && servers.checked <= 16, String(servers.checked));
    servers.check = refuse;
    for (let second = 0; second < 300; second += 1) await clock.advance(1_000);
    assert.equal(await state('shop/demo', database), 'ConnectionRefused');
    servers.check = async () => undefined;
    for (let second = 0; second < 9; second += 1) await clock.advance(1_000);
    assert.equal(await state('shop/demo', database), 'well');
  });

  it('looks once for all platforms that log in alike, however often they are passed over', async () => {
    const { servers, state } = build();
    for (const owner of ['shop/one', 'shop/two', 'shop/three', 'shop/one']) assert.equal(await state(owner), 'well');
    assert.deepEqual([servers.reached, servers.checked], [1, 1]);
    assert.equal(await state('shop/four', target('redis', 'another')), 'well');
    assert.deepEqual([servers.reached, servers.checked], [2, 2]);
  });

  it('tells every owner within ten seconds that a server has gone, and that it has come back', async () => {
    const { clock, servers, told, state } = build();
    for (const owner of ['shop/one', 'shop/two']) await state(owner);
    told.length = 0;
    servers.reach = refuse;
    await clock.advance(4_000);
    assert.deepEqual(told, ['shop/one', 'shop/two']);
    assert.equal(await state('shop/one'), 'ConnectionRefused');
    for (let second = 0; second < 300; second += 1) await clock.advance(1_000);
    told.length = 0;
    servers.reach = async () => undefined;
    for (let second = 0; second < 9; second += 1) await clock.advance(1_000);
    assert.deepEqual(told, ['shop/one', 'shop/two']);
    assert.equal(await state('shop/one'), 'well');
  });

  it('does not knock every other second at a server that refuses the login', async () => {
    const { clock, servers, state } = build();
    servers.check = () => Promise.reject(denial);
    assert.equal(await state(), 'CredentialsRefused');
    for (let second = 0; second < 300; second += 1) await clock.advance(1_000);
    assert.ok(servers.checked <= 9, String(servers.checked));
    servers.check = async () => undefined;
    assert.equal(await state('shop/demo', target('redis', 'corrected')), 'well', 'another password is tried at once');
  });

  it('lets a pass go when a server is slow, and calls when it has answered', async () => {
    const { clock, servers, told, state } = build();
    const slow = Promise.withResolvers<undefined>();
    servers.reach = () => slow.promise;
    const first = state();
    await clock.advance(400);
    assert.equal(await first, 'unknown');
    assert.deepEqual(told, []);
    slow.resolve(undefined);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    assert.deepEqual(told, ['shop/demo']);
  });

  it('leaves alone what nobody needs any more', async () => {
    const { clock, servers, watch, state } = build();
    await state('shop/one');
    await state('shop/two');
    watch.forget('shop/one');
    await state('shop/two', target('elsewhere'));
    const before = servers.reached;
    await clock.advance(4_000);
    assert.equal(servers.reached, before + 1, 'only the new one');
    await watch.stop();
    await clock.advance(60_000);
    assert.equal(servers.reached, before + 1);
  });
});
