import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { fixedAccess } from './access.ts';
import { createClient } from './client.ts';
import type { Client } from './client-types.ts';
import { ConnectionError, DeadlineError, isConflict, isExpired, KubernetesError } from './errors.ts';
import { createMachineryMetrics } from './metrics.ts';
import { resources } from './resources.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

const { configMaps, secrets, deployments } = resources;
const key = { namespace: 'shop', name: 'settings' };
const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key };
const tooMany = ({ fail }: ScriptedAnswer) => fail({ code: 429, reason: 'TooManyRequests' }, { 'retry-after': '7' });
const unavailable = ({ fail }: ScriptedAnswer) => fail({ code: 503, reason: 'ServiceUnavailable' });
const reset = (answer: ScriptedAnswer) => answer.reset();
const fine = ({ json }: ScriptedAnswer) => json(200, manifest);

describe('client', () => {
  let server: ScriptedServer;
  let clock: ManualClock;
  let client: Client;

  before(async () => {
    server = await startScriptedServer();
  });

  beforeEach(() => {
    clock = createManualClock();
    client = server.client(clock);
  });

  after(() => server.stop());

  /** Turns the clock until the call has ended. */
  const settle = async <T>(call: Promise<T>, stepMs = 100): Promise<T> => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    call.then(end, end);
    while (!ended) await clock.advance(stepMs);
    return call;
  };

  it('applies with the field manager, force and strict validation, as JSON that is called YAML', async () => {
    server.script(fine);
    await client.apply(configMaps, { ...manifest, data: { a: '1' } }, { fieldManager: 'me' });
    const [request] = server.requests;
    assert.equal(request?.method, 'PATCH');
    assert.equal(request?.path, '/api/v1/namespaces/shop/configmaps/settings');
    assert.equal(request?.headers['content-type'], 'application/apply-patch+yaml');
    assert.equal(request?.query.toString(), 'fieldManager=me&fieldValidation=Strict&force=true');
    assert.deepEqual(request?.body, { ...manifest, data: { a: '1' } });
  });

  it('addresses status and scale through their subresources', async () => {
    server.script(fine);
    const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: key };
    await client.applyStatus(deployments, { ...identity, status: {} }, { fieldManager: 'me' });
    await client.scale(deployments, key, 4, { fieldManager: 'scaler' });
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ['status', 'scale'].map((subresource) => `/apis/apps/v1/namespaces/shop/deployments/settings/${subresource}`),
    );
    assert.deepEqual(server.requests[1]?.body, { spec: { replicas: 4 } });
  });

  it('deletes with the uid as a precondition, and is content when the object is gone', async () => {
    server.script(({ fail }) => fail({ code: 404, reason: 'NotFound' }));
    await client.delete(configMaps, key, { uid: 'the-one', propagation: 'Foreground' });
    const { propagationPolicy, preconditions } = (server.requests[0]?.body ?? {}) as Record<string, unknown>;
    assert.deepEqual([propagationPolicy, preconditions], ['Foreground', { uid: 'the-one' }]);
  });

  it('needs a namespace for what is namespaced, and none for what is not', async () => {
    await assert.rejects(async () => client.get(configMaps, { name: 'settings' }), /needs a namespace/);
    await assert.rejects(async () => client.get(resources.namespaces, key), /needs no namespace/);
  });

  it('waits as long as the server asks before it repeats', async () => {
    server.script(tooMany, fine);
    const call = client.get(configMaps, key);
    while (server.requests.length < 1) await clock.advance(0);
    await clock.advance(6_900);
    assert.equal(server.requests.length, 1);
    await settle(call);
    assert.equal(server.requests.length, 2);
    assert.ok(clock.monotonicMs() >= 7_000);
  });

  it('repeats reads and applies when the server is unavailable or the connection breaks', async () => {
    server.script(unavailable, reset, fine);
    await settle(client.apply(configMaps, manifest, { fieldManager: 'me' }));
    assert.equal(server.requests.length, 3);
  });

  it('does not repeat what would be done twice', async () => {
    server.script(reset, fine);
    await assert.rejects(settle(client.create(configMaps, manifest)), ConnectionError);
    server.script(unavailable, fine);
    await assert.rejects(settle(client.patchJson(configMaps, key, [])), KubernetesError);
    assert.equal(server.requests.length, 1);
    server.script(tooMany, fine);
    await settle(client.create(configMaps, manifest));
    assert.equal(server.requests.length, 2);
  });

  it('fails at the deadline and tells why it had to wait', async () => {
    server.script(tooMany);
    const error = await settle(client.get(configMaps, key, { deadlineSeconds: 10 })).catch((reason: unknown) => reason);
    assert.ok(error instanceof DeadlineError);
    assert.match(error.message, /within 10 s/);
    assert.ok(error.cause instanceof KubernetesError);
    assert.equal(clock.pendingTimers(), 0);
  });

  it('ends a call that is never answered at its deadline', async () => {
    server.script(() => {});
    await assert.rejects(settle(client.get(configMaps, key, { deadlineSeconds: 5 })), DeadlineError);
  });

  it('ends at once when its caller stops', async () => {
    server.script(() => {});
    const stopping = new AbortController();
    const call = client.get(configMaps, key, { signal: stopping.signal });
    while (server.requests.length < 1) await clock.advance(0);
    stopping.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    assert.equal(clock.pendingTimers(), 0);
  });

  it('understands the words of the server', async () => {
    server.script(({ fail }) => fail({ code: 409, reason: 'Conflict', message: 'somebody was quicker' }));
    await assert.rejects(client.patchMerge(configMaps, key, {}), (error) => {
      assert.ok(isConflict(error));
      assert.match(String(error), /PATCH .*settings failed with 409 Conflict: somebody was quicker/);
      return true;
    });
  });

  it('keeps secrets, tokens and foreign bodies out of its errors', async () => {
    server.script(({ fail }) => fail({ code: 422, reason: 'Invalid', message: 'data: Invalid value: "hidden words"' }));
    const refused = await client.patchMerge(secrets, key, {}).catch((error: unknown) => error);
    server.script(({ json }) => json(502, '<html>hidden words</html>'));
    const proxied = await client.get(configMaps, key, { retry: false }).catch((error: unknown) => error);
    server.script(({ lines, end }) => {
      lines('hidden words, not JSON');
      end();
    });
    const garbled = await client.get(configMaps, key, { retry: false }).catch((error: unknown) => error);
    for (const error of [refused, proxied, garbled]) {
      assert.ok(error instanceof Error);
      assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`, /hidden words/);
    }
  });

  it('lists in pages, and starts over when the list expires in the middle', async () => {
    const page = (names: string[], next?: string) => ({
      metadata: { resourceVersion: '50', ...(next ? { continue: next } : {}) },
      items: names.map((name) => ({ metadata: { name } })),
    });
    server.script(
      ({ json }) => json(200, page(['a', 'b'], 'more')),
      ({ fail }) => fail({ code: 410, reason: 'Expired' }),
      ({ json }) => json(200, page(['a', 'b'], 'more')),
      ({ json }) => json(200, page(['c'])),
    );
    const { items, resourceVersion } = await client.list(configMaps, { labelSelector: 'app=shop', pageSize: 2 });
    assert.deepEqual([items.map(({ metadata }) => metadata.name).join(), resourceVersion], ['a,b,c', '50']);
    assert.equal(items[0]?.kind, 'ConfigMap');
    assert.equal(server.requests[3]?.query.toString(), 'limit=2&continue=more&labelSelector=app%3Dshop');
  });

  it('gives up on a list that expires each time', async () => {
    server.script(({ fail }) => fail({ code: 410, reason: 'Expired' }));
    await assert.rejects(client.list(configMaps), isExpired);
  });

  it('asks for new credentials once when it is refused', async () => {
    let issued = 0;
    const access = {
      ...fixedAccess(server.url, { tls: {}, headers: {} }),
      credentials: async ({ refresh = false } = {}) => {
        if (refresh) issued += 1;
        return { tls: {}, headers: { authorization: `Bearer token-${issued}` } };
      },
    };
    const rotating = createClient({ access });
    server.script(({ request, json, fail }) =>
      request.headers.authorization === 'Bearer token-1' ? json(200, manifest) : fail({ code: 401 }),
    );
    await rotating.get(configMaps, key);
    assert.deepEqual([issued, server.requests.length], [1, 2]);
    await rotating.close();
  });

  it('asks its guard before each try of a write, and never for a read', async () => {
    let asked = 0;
    const guarded = client.guarded(() => {
      asked += 1;
      if (asked > 1) throw new Error('no longer leading');
    });
    server.script(unavailable);
    await assert.rejects(settle(guarded.apply(configMaps, manifest, { fieldManager: 'me' })), /no longer leading/);
    assert.deepEqual([asked, server.requests.length], [2, 1]);
    server.script(fine);
    await guarded.get(configMaps, key);
    assert.equal(asked, 2);
  });

  it('counts answers by method and code', async () => {
    const registry = new Registry();
    const counted = createClient({
      access: fixedAccess(server.url, { tls: {}, headers: {} }),
      metrics: createMachineryMetrics(registry).client,
    });
    server.script(fine);
    await counted.get(configMaps, key);
    assert.match(
      await registry.metrics(),
      /^rest_client_requests_total\{method="GET",code="200",host="127.0.0.1:\d+"\} 1$/m,
    );
    await counted.close();
  });
});
