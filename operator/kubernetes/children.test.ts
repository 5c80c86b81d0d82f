import assert from 'node:assert/strict';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { type Children, createChildren } from './children.ts';
import type { Client } from './client-types.ts';
import { KubernetesError } from './errors.ts';
import { silentLog } from './log.ts';
import type { Live, ManagedFieldsEntry, Manifest } from './objects.ts';
import { ForeignObjectError } from './ownership.ts';
import { resources } from './resources.ts';
import { createStore, type Store } from './store.ts';
import { buildConfigMap } from './testing/objects.ts';

const owner = { apiVersion: 'v1', kind: 'Shop', name: 'demo', uid: 'u1', controller: true };
const labels = { app: 'shop' };
const manifest = (name: string, data: Record<string, string> = {}): Manifest<V1ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'shop', name, labels, ownerReferences: [owner] },
  data,
});
const entry = (manager: string, operation: string, fields: string[]): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsV1: { 'f:data': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
});

/** Keeps ConfigMaps as far as these tests need a server; `alter` stands for a webhook. */
function createFakeServer(alter: (object: Live<V1ConfigMap>) => void = () => {}) {
  const objects = new Map<string, Live<V1ConfigMap>>();
  const calls: string[] = [];
  let version = 100;
  const nextVersion = () => {
    version += 1;
    return version;
  };
  const client = {
    find: async (_: unknown, { name }: { name: string }) => {
      calls.push(`find ${name}`);
      return objects.get(name);
    },
    apply: async (_: unknown, { metadata, ...content }: Manifest) => {
      calls.push(`apply ${metadata.name}`);
      const resourceVersion = nextVersion();
      const before = objects.get(metadata.name)?.metadata;
      const object = buildConfigMap(metadata.name, resourceVersion, {
        ...metadata,
        managedFields: before?.managedFields ?? [],
      });
      Object.assign(object, content);
      alter(object);
      objects.set(metadata.name, object);
      return object;
    },
    patchJson: async (_: unknown, { name }: { name: string }, operations: { path: string; value?: unknown }[]) => {
      calls.push(`patch ${name}`);
      const object = objects.get(name);
      const taken = operations.find(({ path }) => path === '/metadata/managedFields')?.value;
      if (object) object.metadata.managedFields = taken as ManagedFieldsEntry[];
      return object;
    },
    delete: async (_: unknown, { name }: { name: string }, { uid }: { uid?: string } = {}) => {
      calls.push(`delete ${name}`);
      if (uid !== undefined && objects.get(name)?.metadata.uid !== uid)
        throw new KubernetesError('DELETE', { code: 409 });
      objects.delete(name);
    },
  } as unknown as Pick<Client, 'find' | 'apply' | 'patchJson' | 'delete'>;
  return { client, objects, calls, nextVersion };
}

describe('children', () => {
  let store: Store<V1ConfigMap>;
  let server: ReturnType<typeof createFakeServer>;
  let children: Children;

  const build = (alter?: (object: Live<V1ConfigMap>) => void) => {
    server = createFakeServer(alter);
    store = createStore<V1ConfigMap>({ onHandlerError: () => {} });
    store.replace([], '1');
    children = createChildren({
      client: server.client,
      fieldManager: 'ours',
      kinds: [{ resource: resources.configMaps, store }, { resource: resources.secrets }],
      hashAnnotation: 'example.dev/applied',
      scaleManager: 'scaler',
      log: silentLog,
    });
  };
  const pass = () => children.pass({ uid: 'u1' });
  const callsOf = async (work: () => Promise<unknown>) => {
    server.calls.length = 0;
    await work();
    return server.calls;
  };

  beforeEach(() => build());

  it('are created, after a look whether the name is taken, and then left alone', async () => {
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a'))), ['find a', 'apply a']);
    const { outcome, object } = await pass().apply(manifest('a'));
    assert.equal(outcome, 'unchanged');
    assert.equal(object.metadata.name, 'a');
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a'))), []);
  });

  it('are applied again when something else is desired, and when the live object was changed', async () => {
    await pass().apply(manifest('a', { x: '1' }));
    const { outcome } = await pass().apply(manifest('a', { x: '2' }));
    assert.equal(outcome, 'updated');
    const live = store.get({ namespace: 'shop', name: 'a' });
    assert.ok(live);
    store.put({
      ...live,
      metadata: { ...live.metadata, resourceVersion: String(server.nextVersion()) },
      data: { x: 'by hand' },
    });
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a', { x: '2' }))), ['apply a']);
  });

  it('lose what others have added, by a takeover before the apply', async () => {
    await pass().apply(manifest('a', { x: '1' }));
    const live = server.objects.get('a');
    assert.ok(live);
    live.metadata.managedFields = [entry('ours', 'Apply', ['x']), entry('kubectl-edit', 'Update', ['extra'])];
    const managedFields = [{ manager: 'kubectl-edit', fieldsV1: { 'f:data': { 'f:extra': {} } } }];
    store.put({
      ...live,
      metadata: { ...live.metadata, resourceVersion: String(server.nextVersion()), managedFields },
    });
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a', { x: '1' }))), ['find a', 'patch a', 'apply a']);
    assert.deepEqual(
      server.objects.get('a')?.metadata.managedFields?.map(({ manager }) => manager),
      ['ours'],
    );
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a', { x: '1' }))), []);
  });

  it('are not fought over with a webhook that insists on another value', async () => {
    build((object) => {
      object.data = { ...object.data, x: 'as the webhook wants it' };
    });
    await pass().apply(manifest('a', { x: '1' }));
    assert.deepEqual(await callsOf(() => pass().apply(manifest('a', { x: '1' }))), []);
  });

  it('never replace an object that is not ours', async () => {
    server.objects.set('a', buildConfigMap('a', 3));
    await assert.rejects(pass().apply(manifest('a')), ForeignObjectError);
    assert.deepEqual(server.calls, ['find a']);
  });

  it('of a kind without a store are read from the server in each pass', async () => {
    const secret = { ...manifest('s'), kind: 'Secret' };
    await pass().apply(secret);
    assert.deepEqual(await callsOf(() => pass().apply(secret)), ['find s']);
  });

  it('of an unknown kind are refused', async () => {
    await assert.rejects(pass().apply({ ...manifest('a'), kind: 'Pod' }), /v1\/Pod is not among the kinds/);
  });

  it('are pruned when a pass has not applied them, except those to keep and those that are not ours', async () => {
    await pass().apply(manifest('kept'));
    await pass().apply(manifest('old'));
    await pass().apply(manifest('volume'));
    store.put(buildConfigMap('other', server.nextVersion(), { ownerReferences: [{ ...owner, uid: 'u2' }] }));
    store.put(
      buildConfigMap('going', server.nextVersion(), {
        ownerReferences: [owner],
        deletionTimestamp: '2030-01-01T00:00:00Z',
      }),
    );
    const current = pass();
    await current.apply(manifest('kept'));
    const deleted = await callsOf(() => current.prune({ keep: ({ metadata }) => metadata.name === 'volume' }));
    assert.deepEqual(deleted, ['delete old']);
  });

  it('are not deleted when a namesake has taken the place of what was to be pruned', async () => {
    await pass().apply(manifest('old'));
    server.objects.set('old', buildConfigMap('old', 400, { uid: 'another' }));
    await pass().prune();
    assert.ok(server.objects.has('old'));
  });
});
