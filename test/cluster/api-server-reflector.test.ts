import assert from 'node:assert/strict';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { Registry } from 'prom-client';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import { createMachineryMetrics } from '../../operator/kubernetes/metrics.ts';
import { createReflector, type Reflector } from '../../operator/kubernetes/reflector.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { createStore, type Store } from '../../operator/kubernetes/store.ts';
import { eventuallyHolds } from '../eventually.ts';
import type { ApiServer } from './api-server.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';

describe('reflector, against a real API server', function () {
  this.timeout(90_000);
  const { configMaps } = resources;
  const labels = { app: 'watched' };
  let server: ApiServer;
  let client: Client;
  let watching: Client;
  let namespace: string;
  let store: Store<V1ConfigMap>;
  let reflector: Reflector;
  let registry: Registry;

  const write = (name: string, value: string, its: Record<string, string> = labels) =>
    client.apply(
      configMaps,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels: its }, data: { value } },
      { fieldManager: 'test' },
    );
  const values = () => Object.fromEntries(store.list().map(({ metadata, data }) => [metadata.name, data?.value]));
  const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value ?? 0;

  before(async () => {
    server = await sharedApiServer();
    client = server.client;
    watching = createClient({ access: server.accessOf('watching') });
  });

  after(() => watching.close());

  beforeEach(async () => {
    namespace = await freshNamespace(client);
    await write('first', '1');
    await write('other', '1', { app: 'other' });
    registry = new Registry();
    store = createStore<V1ConfigMap>({
      onHandlerError: (error) => {
        throw error;
      },
    });
    reflector = createReflector({
      client: watching,
      resource: configMaps,
      store,
      namespace,
      labelSelector: 'app=watched',
      log: silentLog,
      metrics: createMachineryMetrics(registry).reflector,
    });
    reflector.start();
    await reflector.synced();
  });

  afterEach(() => reflector.stop());

  it('follows additions, changes, deletions, and labels that come and go', async () => {
    assert.deepEqual(values(), { first: '1' });
    await write('second', '1');
    await write('first', '2');
    await eventuallyHolds(() => assert.deepEqual(values(), { first: '2', second: '1' }));
    await client.delete(configMaps, { namespace, name: 'second' });
    await client.patchMerge(configMaps, { namespace, name: 'other' }, { metadata: { labels } });
    await client.patchMerge(configMaps, { namespace, name: 'first' }, { metadata: { labels: { app: 'not' } } });
    await eventuallyHolds(() => assert.deepEqual(values(), { other: '1' }));
    assert.ok(reflector.lastEventAgeSeconds() < 20);
  });

  it('survives a restart of the API server', async () => {
    await server.restart();
    await write('later', '1');
    await eventuallyHolds(() => assert.deepEqual(values(), { first: '1', later: '1' }));
  });

  it('lists again when its position is compacted away', async () => {
    await server.restart(server.compact);
    await client.delete(configMaps, { namespace, name: 'first' });
    await write('later', '1');
    await eventuallyHolds(() => assert.deepEqual(values(), { later: '1' }));
    assert.ok((await metric('reflector_lists_total')) >= 2);
  });

  it('leaves no watch open when it is stopped', async () => {
    await write('seen', '1');
    await eventuallyHolds(() => assert.deepEqual(values(), { first: '1', seen: '1' }));
    await reflector.stop();
    await write('unseen', '1');
    // A watch is in the log once it has ended.
    await eventuallyHolds(() => {
      const watches = server
        .requestsOf('watching')
        .filter(({ verb, namespace: its }) => verb === 'watch' && its === namespace);
      assert.equal(watches.length, 1);
    });
    assert.deepEqual(values(), { first: '1', seen: '1' });
  });
});
