import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type Server } from 'node:net';
import type { ClusterAccess } from '../../operator/kubernetes/access.ts';
import { createClient } from '../../operator/kubernetes/client.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import {
  isAlreadyExists,
  isConflict,
  isExpired,
  isInvalid,
  KubernetesError,
} from '../../operator/kubernetes/errors.ts';
import { createEventRecorder } from '../../operator/kubernetes/events.ts';
import { kubeconfigAccess } from '../../operator/kubernetes/kubeconfig.ts';
import { silentLog } from '../../operator/kubernetes/log.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { eventuallyHolds } from '../eventually.ts';
import type { ApiServer } from './api-server.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';

const configMap = (namespace: string, name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

describe('client, against a real API server', function () {
  this.timeout(90_000);
  const { configMaps, deployments, events, secrets } = resources;
  const fieldManager = 'test';
  let server: ApiServer;
  let client: Client;
  let namespace: string;

  before(async () => {
    server = await sharedApiServer();
    client = server.client;
    namespace = await freshNamespace(client);
  });

  it('creates, finds, applies, patches and deletes', async () => {
    const key = { namespace, name: 'life' };
    assert.equal(await client.find(configMaps, key), undefined);
    const created = await client.create(configMaps, configMap(namespace, 'life', { a: '1' }), { fieldManager });
    await assert.rejects(client.create(configMaps, configMap(namespace, 'life')), isAlreadyExists);
    const applied = await client.apply(configMaps, configMap(namespace, 'life', { a: '2' }), { fieldManager });
    assert.equal(applied.metadata.uid, created.metadata.uid);
    await client.patchMerge(configMaps, key, { data: { b: '3' } });
    await client.patchJson(configMaps, key, [
      { op: 'test', path: '/data/b', value: '3' },
      { op: 'replace', path: '/data/b', value: '4' },
    ]);
    assert.deepEqual((await client.get(configMaps, key)).data, { a: '2', b: '4' });
    await client.delete(configMaps, key);
    await client.delete(configMaps, key);
    assert.equal(await client.find(configMaps, key), undefined);
  });

  it('refuses changes of what has changed since, and of what came after a deletion', async () => {
    const key = { namespace, name: 'guarded' };
    const { metadata } = await client.create(configMaps, configMap(namespace, 'guarded'));
    await client.patchMerge(configMaps, key, { data: { a: '1' } });
    const { resourceVersion } = metadata;
    await assert.rejects(
      client.patchMerge(configMaps, key, { metadata: { resourceVersion }, data: { a: '2' } }),
      isConflict,
    );
    await assert.rejects(
      client.patchJson(configMaps, key, [{ op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }]),
      isInvalid,
    );
    await client.delete(configMaps, key);
    await client.create(configMaps, configMap(namespace, 'guarded'));
    await assert.rejects(client.delete(configMaps, key, { uid: metadata.uid }), isConflict);
    await client.get(configMaps, key);
  });

  it('names the unknown field, and not the values of a Secret', async () => {
    const unknown = { ...configMap(namespace, 'strict'), surprise: true };
    await assert.rejects(
      client.apply(configMaps, unknown, { fieldManager }),
      (error) => error instanceof KubernetesError && /surprise/.test(error.message),
    );
    const bad = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name: 'bad' },
      data: { word: 'no base64 hidden words' },
    };
    await assert.rejects(
      client.apply(secrets, bad, { fieldManager }),
      (error) =>
        error instanceof KubernetesError &&
        error.code >= 400 &&
        !/hidden words/.test(JSON.stringify(error) + error.message),
    );
  });

  it('lists all pages, and only what is selected', async () => {
    for (let index = 0; index < 25; index += 1) {
      const manifest = configMap(namespace, `page-${index}`);
      const labels = { page: index % 2 === 0 ? 'even' : 'odd' };
      await client.create(configMaps, { ...manifest, metadata: { ...manifest.metadata, labels } });
    }
    const all = await client.list(configMaps, { namespace, labelSelector: 'page', pageSize: 10 });
    assert.equal(new Set(all.items.map(({ metadata }) => metadata.name)).size, 25);
    assert.deepEqual([all.items[0]?.apiVersion, all.items[0]?.kind], ['v1', 'ConfigMap']);
    const even = await client.list(configMaps, { namespace, labelSelector: 'page=even', metadataOnly: true });
    assert.equal(even.items.length, 13);
    assert.equal(even.items[0]?.data, undefined);
  });

  it('writes status and replicas through their subresources only', async () => {
    const labels = { app: 'scaled' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } };
    const manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name: 'scaled' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    };
    await client.apply(deployments, manifest, { fieldManager });
    await client.scale(deployments, manifest.metadata, 3, { fieldManager: 'scaler' });
    const status = { observedGeneration: 7 };
    const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: 'scaled' } };
    await client.applyStatus(deployments, { ...identity, status }, { fieldManager: 'test-status' });
    const live = await client.get(deployments, manifest.metadata);
    assert.deepEqual([live.spec?.replicas, live.status?.observedGeneration], [3, 7]);
    const scaler = live.metadata.managedFields?.find(({ manager }) => manager === 'scaler');
    assert.equal(scaler?.subresource, 'scale');
  });

  it('fails a watch from a version that is compacted away as expired', async () => {
    const { resourceVersion } = await client.list(configMaps, { namespace });
    await server.restart(server.compact);
    const signal = AbortSignal.timeout(20_000);
    const watch = client.watch(configMaps, {
      namespace,
      resourceVersion: '1',
      timeoutSeconds: 10,
      silenceSeconds: 10,
      signal,
    });
    await assert.rejects(watch.next(), isExpired);
    assert.ok(Number(resourceVersion) > 1);
  });

  it('sends nothing once its guard refuses', async () => {
    const fenced = client.guarded(() => {
      throw new Error('fenced');
    });
    await assert.rejects(fenced.create(configMaps, configMap(namespace, 'fenced')), /fenced/);
    assert.equal(await fenced.find(configMaps, { namespace, name: 'fenced' }), undefined);
  });

  it('reads a kubeconfig', async () => {
    const byFile = createClient({ access: await kubeconfigAccess(server.kubeconfigPath) });
    assert.match((await byFile.version()).gitVersion, /^v1\./);
    await byFile.close();
  });

  it('opens at most 2 connections for 1,000 requests, one after the other', async () => {
    const proxy = await countingProxy(server.url);
    const counted = createClient({ access: proxy.through(server.accessOf('counted')) });
    for (let index = 0; index < 1000; index += 1) await counted.get(configMaps, { namespace, name: 'page-0' });
    assert.ok(proxy.connections() <= 2, `${proxy.connections()} connections`);
    await counted.close();
    proxy.close();
  });

  it('records events that the API server accepts, and counts repeats', async () => {
    const regarding = await client.get(configMaps, { namespace, name: 'page-0' });
    const recorder = createEventRecorder({
      client,
      controller: 'example.dev/test',
      instance: 'test-0',
      log: silentLog,
    });
    const event = { regarding, type: 'Warning', reason: 'Tested', action: 'Testing', note: 'It was tested.' } as const;
    recorder.record(event);
    const listed = () => client.list(events, { namespace, fieldSelector: 'reason=Tested' });
    await eventuallyHolds(async () => assert.equal((await listed()).items.length, 1));
    recorder.record(event);
    await recorder.stop();
    const { items } = await listed();
    assert.deepEqual(
      items.map(({ note, regarding: about, series }) => [note, about?.name, series?.count]),
      [['It was tested.', 'page-0', 2]],
    );
  });
});

/** A TCP proxy in front of the API server that counts who connects. */
async function countingProxy(url: URL) {
  let connections = 0;
  const proxy: Server = createServer((socket) => {
    connections += 1;
    const upstream = connectTcp(Number(url.port), url.hostname);
    socket.pipe(upstream).pipe(socket);
    for (const side of [socket, upstream]) side.on('error', () => side.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    connections: () => connections,
    through: (access: ClusterAccess): ClusterAccess => ({ ...access, server: new URL(`https://127.0.0.1:${port}`) }),
    close: () => proxy.close(),
  };
}
