import assert from 'node:assert/strict';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { customResourceDefinition } from '../../operator/api/custom-resource-definition.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { type PlatformBody, tiktokLites } from '../../operator/mirrors.ts';
import { eventually } from '../eventually.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';
import { platformManifest } from './reconcile-fixture.ts';
import { refusedGateways } from './refusals/gateway.ts';
import { otherRefusals } from './refusals/others.ts';
import { refusedPods } from './refusals/pods.ts';
import { refusedServers } from './refusals/servers.ts';

/** A group of its own: the definition that other tests use is left alone. */
const group = 'earlier.tiktoklite.dev';
const earlierLites: Resource<PlatformBody> = { ...tiktokLites, group };

/** No release ever took what has another type or no place at all. */
const neverTaken = /must be of type|unknown field/;
const rows = [...refusedGateways, ...refusedServers, ...refusedPods, ...otherRefusals].filter(
  ({ says }) => !neverTaken.test(says),
);
const nameThatIsRefused = 'with.dot';

const bounds = /^(x-kubernetes-(validations|list-.*)|enum|required|pattern|(min|max)(imum|Length|Items|Properties))$/;

/** The same fields, and hardly a rule. */
function loosened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(loosened);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !bounds.test(keyword))
      .map(([keyword, value]) => [keyword, keyword === 'default' ? value : loosened(value)]),
  );
}

describe('a TiktokLite that an earlier release took', () => {
  let client: Client;
  let namespace: string;

  const key = (name: string) => ({ namespace, name });
  const manifest = (name: string, spec: object) => ({
    ...platformManifest(namespace, spec, name),
    apiVersion: `${group}/v1alpha1`,
  });
  const install = async (change: (schema: unknown) => unknown) => {
    const { spec, ...definition } = customResourceDefinition();
    const versions = spec.versions.map((version) => ({ ...version, schema: change(version.schema) }));
    const wanted = {
      ...definition,
      metadata: { name: `${spec.names.plural}.${group}` },
      spec: { ...spec, group, versions },
    } as unknown as Manifest<V1CustomResourceDefinition>;
    await client.apply(resources.customResourceDefinitions, wanted, { fieldManager: 'test' });
  };
  const taken = (name: string) => client.create(earlierLites, manifest(name, { paused: true }));

  before(async function () {
    this.timeout(120_000);
    client = (await sharedApiServer()).client;
    namespace = await freshNamespace(client);
    await install(loosened);
    await eventually('a name is taken that a rule refuses', () => taken(nameThatIsRefused));
    for (const [index, { spec }] of rows.entries()) await client.create(earlierLites, manifest(`old-${index}`, spec));
    await install((schema) => schema);
    await eventually('the rules hold', () =>
      taken('other.dot').then(
        () => client.delete(earlierLites, key('other.dot')),
        () => true,
      ),
    );
  });

  /** What somebody, or the operator, does to an object without a look at what is wrong with it. */
  const updates: [string, (name: string) => Promise<unknown>][] = [
    ['a label', (name) => client.patchMerge(earlierLites, key(name), { metadata: { labels: { team: 'clips' } } })],
    [
      'a finalizer',
      (name) => client.patchMerge(earlierLites, key(name), { metadata: { finalizers: ['a.example/b'] } }),
    ],
    ['another field', (name) => client.patchMerge(earlierLites, key(name), { spec: { lists: { default: 7 } } })],
    [
      'its status',
      (name) => {
        const { apiVersion, kind, metadata } = manifest(name, {});
        const object = { apiVersion, kind, metadata, status: { url: 'http://tok.example.org' } };
        return client.applyStatus(earlierLites, object, { fieldManager: 'test' });
      },
    ],
    ['no finalizer', (name) => client.patchMerge(earlierLites, key(name), { metadata: { finalizers: [] } })],
  ];

  const updateEverything = async (name: string) => {
    for (const [what, update] of updates) {
      await update(name).catch((cause) => assert.fail(`${what} is refused: ${cause.message}`));
    }
  };

  rows.forEach(({ what }, index) => {
    it(`can be updated elsewhere with ${what}`, () => updateEverything(`old-${index}`));
  });

  it('can be put right where a rule would compare it with what it was', async () => {
    const name = `old-${rows.findIndex(({ what }) => what === 'a size that is none')}`;
    await client.patchMerge(earlierLites, key(name), {
      spec: { database: { embedded: { storage: { size: '1Gi' } } } },
    });
  });

  it('can be updated under a name that is refused now', () => updateEverything(nameThatIsRefused));
});
