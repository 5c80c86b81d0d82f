import assert from 'node:assert/strict';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { Registry } from 'prom-client';
import { silentLog } from './log.ts';
import { createMachineryMetrics } from './metrics.ts';
import { createReflector, type Reflector } from './reflector.ts';
import { resources } from './resources.ts';
import { createStore, type Store } from './store.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { buildConfigMap } from './testing/objects.ts';
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

type Script = (answer: ScriptedAnswer) => void;

const listed =
  (version: number, ...items: object[]): Script =>
  ({ json }) =>
    json(200, { metadata: { resourceVersion: String(version) }, items });
const watched =
  (...lines: (object | string)[]): Script =>
  (answer) =>
    answer.lines(...lines);
const modified = (name: string, version: number) => ({ type: 'MODIFIED', object: buildConfigMap(name, version) });
const bookmark = (version: number) => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: String(version) } },
});
const errorEvent = (code: number, reason: string) => ({ type: 'ERROR', object: { kind: 'Status', code, reason } });

describe('reflector', () => {
  let server: ScriptedServer;
  let clock: ManualClock;
  let store: Store<V1ConfigMap>;
  let reflector: Reflector;
  let registry: Registry;

  before(async () => {
    server = await startScriptedServer();
  });

  beforeEach(() => {
    clock = createManualClock();
    registry = new Registry();
    store = createStore<V1ConfigMap>({ onHandlerError: () => {} });
    reflector = createReflector({
      client: server.client(clock),
      resource: resources.configMaps,
      store,
      labelSelector: 'app=shop',
      transform: (object) => ({ ...object, data: { ...object.data, transformed: 'yes' } }),
      log: silentLog,
      clock,
      random: () => 0.5,
      metrics: createMachineryMetrics(registry).reflector,
    });
  });

  afterEach(() => reflector.stop());
  after(() => server.stop());

  /** Turns the clock in small steps until the state is reached. */
  const until = async (isReached: () => boolean, stepMs = 50) => {
    for (let steps = 0; !isReached(); steps += 1) {
      assert.ok(steps < 20_000, 'the state was not reached');
      await clock.advance(stepMs);
    }
  };
  const start = (...scripts: Script[]) => {
    server.script(...scripts);
    reflector.start();
  };
  const versions = () =>
    Object.fromEntries(store.list().map(({ metadata: { name, resourceVersion } }) => [name, resourceVersion]));
  const has = (expected: Record<string, string>) => () => JSON.stringify(versions()) === JSON.stringify(expected);
  const requested = () =>
    server.requests.map(({ query }) => (query.get('watch') ? `watch from ${query.get('resourceVersion')}` : 'list'));

  it('lists, then watches from there, and puts what it hears into the store, transformed', async () => {
    start(
      listed(5, buildConfigMap('a', 3)),
      watched(modified('a', 6), { type: 'DELETED', object: buildConfigMap('a', 7) }, modified('b', 8)),
    );
    await until(has({ b: '8' }), 1);
    assert.equal(store.list()[0]?.data?.transformed, 'yes');
    const query = server.requests[1]?.query;
    assert.deepEqual(
      ['allowWatchBookmarks', 'labelSelector', 'timeoutSeconds', 'resourceVersion'].map((name) => query?.get(name)),
      ['true', 'app=shop', '450', '5'],
    );
  });

  it('continues where a watch ended, bookmarks included, without a new list', async () => {
    const ending: Script = (answer) => {
      answer.lines(modified('a', 6), bookmark(20));
      answer.end();
    };
    start(listed(5), ending, watched(modified('b', 21)));
    await until(has({ a: '6', b: '21' }), 1);
    assert.deepEqual(requested(), ['list', 'watch from 5', 'watch from 20']);
  });

  const failures: Record<string, Script> = {
    'a reset connection': (answer) => {
      answer.lines(modified('a', 6));
      setImmediate(answer.reset);
    },
    'an answer of 500': ({ fail }) => fail({ code: 500, reason: 'InternalError' }),
    'an error event': watched(errorEvent(500, 'InternalError')),
    'a line of garbage': watched('<html>'),
    'an event without a version': watched({ type: 'MODIFIED', object: { metadata: { name: 'a' } } }),
    'half an event': (answer) => {
      answer.lines('');
      answer.lines(JSON.stringify(modified('a', 6)).slice(0, 40));
      answer.reset();
    },
    'an end without any event': (answer) => {
      answer.lines();
      answer.end();
    },
  };
  for (const [failure, script] of Object.entries(failures)) {
    it(`watches again, after a pause, from where it was after ${failure}`, async () => {
      start(listed(5, buildConfigMap('a', 3)), script, watched(modified('a', 9)));
      await until(has({ a: '9' }));
      assert.deepEqual(requested().slice(0, 2), ['list', 'watch from 5']);
      assert.match(requested()[2] ?? '', /^watch from [56]$/);
      assert.ok(clock.monotonicMs() >= 800, 'there was no pause');
    });
  }

  it('lists again when its position has expired, told by the answer or by an event', async () => {
    start(
      listed(5, buildConfigMap('a', 3)),
      ({ fail }) => fail({ code: 410, reason: 'Expired' }),
      listed(50, buildConfigMap('b', 40)),
      watched(errorEvent(410, 'Expired')),
      listed(60, buildConfigMap('c', 55)),
      watched(),
    );
    await until(has({ c: '55' }));
    await until(() => requested().length === 6);
    assert.deepEqual(requested(), ['list', 'watch from 5', 'list', 'watch from 50', 'list', 'watch from 60']);
  });

  it('lists again when a position is refused three times for whatever reason', async () => {
    const refused: Script = ({ fail }) => fail({ code: 400, reason: 'BadRequest' });
    start(listed(5), refused, refused, refused, listed(7, buildConfigMap('a', 6)), watched());
    await until(has({ a: '6' }));
  });

  it('waits as long as the server asks', async () => {
    start(
      listed(5),
      ({ fail }) => fail({ code: 429, reason: 'TooManyRequests' }, { 'retry-after': '20' }),
      watched(modified('a', 6)),
    );
    await until(has({ a: '6' }));
    assert.ok(clock.monotonicMs() >= 20_000);
  });

  it('goes on trying when the first list fails, with pauses that grow to at most a minute', async () => {
    start(({ fail }) => fail({ code: 500, reason: 'InternalError' }));
    await until(() => server.requests.length === 10);
    const beforeMs = clock.monotonicMs();
    await until(() => server.requests.length === 11);
    const pauseMs = clock.monotonicMs() - beforeMs;
    assert.ok(pauseMs > 25_000 && pauseMs <= 60_100, `paused for ${pauseMs} ms`);
    assert.equal(store.hasSynced(), false);
    server.script(listed(5, buildConfigMap('a', 3)), watched());
    await until(has({ a: '3' }));
    await reflector.synced();
  });

  describe('of a resource that may be absent', () => {
    const unknown: Script = ({ fail }) => fail({ code: 404, reason: 'NotFound' });

    beforeEach(() => {
      reflector = createReflector({
        client: server.client(clock),
        resource: resources.configMaps,
        store,
        mayBeAbsent: true,
        log: silentLog,
        clock,
      });
    });

    it('has nothing, lets nobody wait, and notices when the definition comes and goes', async () => {
      start(unknown, listed(5, buildConfigMap('a', 3)), watched(errorEvent(410, 'Expired')), unknown, unknown);
      await reflector.synced();
      assert.deepEqual(versions(), {});
      await until(has({ a: '3' }), 1000);
      assert.ok(reflector.lastEventAgeSeconds() < 60);
      await until(has({}), 1000);
    });
  });

  it('leaves a connection on which nothing comes, not even a bookmark', async () => {
    start(listed(5), watched(bookmark(6)), watched(modified('a', 7)));
    await until(() => server.requests.length === 2, 1);
    await clock.advance(60_000);
    assert.ok(reflector.lastEventAgeSeconds() >= 59);
    assert.equal(server.requests.length, 2);
    await until(has({ a: '7' }));
    assert.ok(clock.monotonicMs() < 100_000);
    assert.match(await registry.metrics(), /^reflector_failures_total\{resource="configmaps",reason="silent"\} 1$/m);
  });

  it('stops for good, also in a pause', async () => {
    start(({ fail }) => fail({ code: 500, reason: 'InternalError' }));
    await until(() => server.requests.length === 1);
    await reflector.stop();
    await clock.advance(100_000);
    assert.equal(server.requests.length, 1);
    assert.equal(clock.pendingTimers(), 0);
  });
});
