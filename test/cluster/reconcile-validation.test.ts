import assert from 'node:assert/strict';
import { customResourceDefinition } from '../../operator/api/custom-resource-definition.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';
import { installDefinition, platformManifest } from './reconcile-fixture.ts';
import { refusedChanges } from './refusals/changes.ts';
import { refusedGateways } from './refusals/gateway.ts';
import { otherRefusals } from './refusals/others.ts';
import { refusedPods } from './refusals/pods.ts';
import { elsewhere } from './refusals/refusal.ts';
import { refusedServers } from './refusals/servers.ts';

const refused = [...refusedGateways, ...refusedServers, ...refusedPods, ...otherRefusals];

/** The API server adds this where a value has the wrong type: rules need values of the right one. */
const rulesAreNext = /^\[(.*), <nil>: Invalid value: null: some validation rules were not checked .*\]$/;

/** What `kubectl` shows after the name of the object. */
const sentenceOf = ({ message }: Error): string =>
  message.replace(/^.*?(is invalid|strict decoding error): /s, '').replace(rulesAreNext, '$1');

const nameRule = 'metadata.name must have at most 35 lower-case letters, digits and dashes and start with a letter';

describe('a TiktokLite', () => {
  let client: Client;
  let namespace: string;
  before(async function () {
    this.timeout(90_000);
    client = (await sharedApiServer()).client;
    await installDefinition(client);
    namespace = await freshNamespace(client);
  });

  const create = (spec: object, name: string) => client.create(tiktokLites, platformManifest(namespace, spec, name));
  const replace = (spec: object, name: string) =>
    client.patchJson(tiktokLites, { namespace, name }, [{ op: 'replace', path: '/spec', value: spec }]);
  const refusalOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing: it is taken',
      (error: Error) => sentenceOf(error),
    );

  it('may be empty: everything has a default', async () => {
    const { spec } = await create({}, 'empty');
    assert.deepEqual(spec.database.embedded?.storage, { size: '10Gi', ephemeral: false });
    assert.equal(spec.cache.embedded?.storage.ephemeral, true);
    assert.deepEqual([spec.feed.pageSize, spec.lists.default, spec.limits.uploadMegabytes], [30, 200, 128]);
    assert.deepEqual([spec.services.likeWriter.replicas, spec.transcoder.replicas], [1, 1]);
    assert.deepEqual([spec.deletionPolicy, spec.paused, spec.images.pullPolicy], ['Retain', false, 'IfNotPresent']);
  });

  refused.forEach(({ what, spec, says }, index) => {
    it(`is refused with ${what}`, async () => {
      assert.equal(await refusalOf(create(spec, `refused-${index}`)), says);
    });
  });

  refusedChanges.forEach(({ what, before, after, says }, index) => {
    it(`is not changed to have ${what}`, async () => {
      await create(before, `kept-${index}`);
      assert.equal(await refusalOf(replace(after, `kept-${index}`)), says);
    });
  });

  for (const name of ['1st', 'with.dot', `a${'b'.repeat(35)}`]) {
    it(`is not named ${name}`, async () => {
      await assert.rejects(create({}, name), new RegExp(nameRule));
    });
  }

  it('is refused by every rule of the schema: each has an object here that breaks it', () => {
    const sentences = [...refused, ...refusedChanges].map(({ says }) => says);
    const missing = rulesOf(customResourceDefinition()).filter(
      (message) => !message.startsWith(nameRule) && !sentences.some((sentence) => sentence.includes(message)),
    );
    assert.deepEqual(missing, []);
  });

  it('takes what may change: a larger volume, more partitions, another cache', async () => {
    await create({}, 'grows');
    const grown = { database: { embedded: { storage: { size: '20Gi' } } }, topics: { likes: { partitions: 12 } } };
    await replace(grown, 'grows');
    await replace({ ...grown, cache: elsewhere.cache }, 'grows');
  });
});

/** The sentences of all rules, however deep. */
function rulesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'x-kubernetes-validations' ? child.map(({ message }: { message: string }) => message) : rulesOf(child),
  );
}
