import assert from 'node:assert/strict';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { freshNamespace, sharedApiServer } from './api-server-shared.ts';
import { installDefinition, platformManifest } from './reconcile-fixture.ts';

const external = { host: 'db.example.org', database: 'clips', credentialsSecretRef: { name: 'login' } };
const s3 = {
  endpoint: 'https://s3.example.org',
  originalsBucket: 'clips-originals',
  mediaBucket: 'clips-media',
  credentialsSecretRef: { name: 'keys' },
};

/** What is wrong, the spec, and what the sentence must say. */
const refused: [string, object, RegExp][] = [
  [
    'a database embedded and external',
    { database: { embedded: {}, external } },
    /database needs exactly one of embedded and external/,
  ],
  ['a database neither embedded nor external', { database: {} }, /database needs exactly one of embedded and external/],
  [
    'a cache embedded and external',
    { cache: { embedded: {}, external: { host: 'r', passwordSecretRef: { name: 'x' } } } },
    /cache needs exactly one/,
  ],
  [
    'Kafka embedded and external',
    { kafka: { embedded: {}, external: { brokers: ['k:9092'] } } },
    /kafka needs exactly one/,
  ],
  [
    'an object store embedded and s3',
    { objectStore: { embedded: {}, s3, publicBaseUrl: 'https://x' } },
    /objectStore needs exactly one of embedded and s3/,
  ],
  ['s3 without the address of the media', { objectStore: { s3 } }, /publicBaseUrl is required with s3: set it to/],
  [
    'one bucket for both',
    { objectStore: { s3: { ...s3, mediaBucket: s3.originalsBucket }, publicBaseUrl: 'https://x' } },
    /must differ.*Name two buckets/,
  ],
  ['an Ingress without a host', { gateway: { mode: 'ingress' } }, /gateway\.host is required with mode ingress/],
  [
    'a route without a public address',
    { gateway: { mode: 'gatewayAPI', gatewayAPI: { parentRefs: [{ name: 'edge' }] } } },
    /gateway\.publicUrl is required with mode gatewayAPI and none/,
  ],
  ['no way in, and no address', { gateway: { mode: 'none' } }, /gateway\.publicUrl is required/],
  [
    'a route without a Gateway',
    { gateway: { mode: 'gatewayAPI', publicUrl: 'https://x' } },
    /name the Gateway in gateway\.gatewayAPI\.parentRefs/,
  ],
  [
    'a route for no Gateway at all',
    { gateway: { mode: 'gatewayAPI', publicUrl: 'https://x', gatewayAPI: { parentRefs: [] } } },
    /parentRefs.*at least 1/,
  ],
  [
    'a class of Ingress for nginx of its own',
    { gateway: { ingress: { className: 'nginx' } } },
    /gateway\.ingress has no effect without mode ingress/,
  ],
  [
    'a certificate where TLS ends elsewhere',
    { gateway: { mode: 'none', publicUrl: 'https://x', tls: { secretRef: { name: 'x' } } } },
    /gateway\.tls has no effect with mode gatewayAPI and none/,
  ],
  ['a host that is no name', { gateway: { host: 'Tok_1' } }, /gateway\.host.*should match/],
  ['an unknown field', { sevices: {} }, /unknown field "spec\.sevices"/],
  ['an unknown field below', { services: { auth: { replica: 1 } } }, /unknown field "spec\.services\.auth\.replica"/],
  ['negative replicas', { services: { auth: { replicas: -1 } } }, /replicas.*greater than or equal to 0/],
  ['negative transcoders', { transcoder: { replicas: -1 } }, /replicas.*greater than or equal to 0/],
  ['a word for a number', { feed: { pageSize: 'many' } }, /pageSize.*integer/],
  [
    'a label of ours on its pods',
    { services: { auth: { labels: { 'app.kubernetes.io/name': 'mine' } } } },
    /labels must not begin with app\.kubernetes\.io/,
  ],
  [
    'a variable twice',
    {
      transcoder: {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    },
    /env\[1\]: Duplicate value/,
  ],
  ['a variable that no shell knows', { transcoder: { env: [{ name: 'A-B', value: '1' }] } }, /env\[0\].*should match/],
  ['half a digest', { images: { digests: { services: 'sha256:12' } } }, /digests\.services.*should match/],
  ['a namespace with a star', { networkPolicy: { metricsNamespaces: ['*'] } }, /metricsNamespaces\[0\].*should match/],
  ['too long a page', { feed: { pageSize: 31 } }, /pageSize.*less than or equal to 30/],
  [
    'an unknown type of Service',
    { gateway: { service: { type: 'ExternalName' } } },
    /Unsupported value: "ExternalName"/,
  ],
  [
    'a ClusterIP without an address',
    { gateway: { service: { type: 'ClusterIP' } } },
    /publicUrl is required with service type ClusterIP/,
  ],
  [
    'a node port of a ClusterIP',
    { gateway: { publicUrl: 'http://x', service: { type: 'ClusterIP', nodePort: 30080 } } },
    /nodePort has no effect/,
  ],
  ['an address with a path', { gateway: { publicUrl: 'http://x/y' } }, /publicUrl.*should match/],
  [
    'a broker without a port',
    { kafka: { external: { brokers: ['kafka.example.org'] } } },
    /brokers\[0\].*should match/,
  ],
  ['no broker at all', { kafka: { external: { brokers: [] } } }, /brokers.*at least 1 item/],
  ['a size that is none', { database: { embedded: { storage: { size: 'big' } } } }, /size.*should match/],
  [
    'a quota below the largest upload',
    { limits: { uploadMegabytes: 200, perUser: { uploadMegabytesPerDay: 100 } } },
    /uploadMegabytesPerDay must be at least limits\.uploadMegabytes/,
  ],
  ['a limit of nothing', { limits: { perUser: { likesPerMinute: 0 } } }, /likesPerMinute.*greater than or equal to 1/],
  ['an address for a network', { limits: { exemptCidrs: ['10.0.0.1'] } }, /exemptCidrs\[0\].*should match/],
  ['a network that is none', { gateway: { trustedCidrs: ['10.0.0.0/33'] } }, /trustedCidrs\[0\].*should match/],
  ['an unknown deletion policy', { deletionPolicy: 'Shred' }, /Unsupported value: "Shred"/],
  [
    'a database without credentials',
    { database: { external: { host: 'x', database: 'y' } } },
    /credentialsSecretRef.*Required/,
  ],
];

/** What is wrong with a change, before and after it, and what the sentence must say. */
const refusedChanges: [string, object, object, RegExp][] = [
  [
    'fewer partitions',
    { topics: { likes: { partitions: 6 } } },
    { topics: { likes: { partitions: 5 } } },
    /partitions cannot decrease.*Keep the old number/,
  ],
  [
    'a smaller volume',
    { database: { embedded: { storage: { size: '2Gi' } } } },
    { database: { embedded: { storage: { size: '1500Mi' } } } },
    /cannot shrink/,
  ],
  [
    'another storage class',
    {},
    { database: { embedded: { storage: { className: 'fast' } } } },
    /className cannot change/,
  ],
  ['data out of its volume', {}, { kafka: { embedded: { storage: { ephemeral: true } } } }, /ephemeral cannot change/],
  ['a database that moves out', {}, { database: { external } }, /database cannot switch between embedded and external/],
  ['Kafka that moves out', {}, { kafka: { external: { brokers: ['k:9092'] } } }, /kafka cannot switch/],
  [
    'an object store that moves out',
    {},
    { objectStore: { s3, publicBaseUrl: 'https://x' } },
    /objectStore cannot switch/,
  ],
  [
    'another prefix of topics',
    { kafka: { embedded: {}, topicPrefix: 'a' } },
    { kafka: { embedded: {}, topicPrefix: 'b' } },
    /topicPrefix cannot be set, changed or removed/,
  ],
  [
    'a prefix of topics that comes later',
    {},
    { kafka: { embedded: {}, topicPrefix: 'b' } },
    /topicPrefix cannot be set, changed or removed/,
  ],
  [
    'another prefix of keys',
    { cache: { embedded: {}, keyPrefix: 'a' } },
    { cache: { embedded: {}, keyPrefix: 'b' } },
    /keyPrefix cannot be set/,
  ],
  [
    'a prefix of objects that goes',
    { objectStore: { embedded: {}, prefix: 'a' } },
    { objectStore: { embedded: {} } },
    /prefix cannot be set/,
  ],
];

describe('a TiktokLite', () => {
  let client: Client;
  let namespace: string;
  before(async function () {
    this.timeout(60_000);
    client = (await sharedApiServer()).client;
    await installDefinition(client);
    namespace = await freshNamespace(client);
  });

  const create = (spec: object, name: string) => client.create(tiktokLites, platformManifest(namespace, spec, name));
  const replace = (spec: object, name: string) =>
    client.patchJson(tiktokLites, { namespace, name }, [{ op: 'replace', path: '/spec', value: spec }]);

  it('may be empty: everything has a default', async () => {
    const { spec } = await create({}, 'empty');
    assert.deepEqual(spec.database.embedded?.storage, { size: '10Gi', ephemeral: false });
    assert.equal(spec.cache.embedded?.storage.ephemeral, true);
    assert.deepEqual([spec.feed.pageSize, spec.lists.default, spec.limits.uploadMegabytes], [30, 200, 128]);
    assert.deepEqual([spec.services.likeWriter.replicas, spec.transcoder.replicas], [1, 1]);
    assert.deepEqual([spec.deletionPolicy, spec.paused, spec.images.pullPolicy], ['Retain', false, 'IfNotPresent']);
  });

  refused.forEach(([what, spec, sentence], index) => {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(create(spec, `refused-${index}`), sentence);
    });
  });

  refusedChanges.forEach(([what, before, after, sentence], index) => {
    it(`is not changed to have ${what}`, async () => {
      await create(before, `kept-${index}`);
      await assert.rejects(replace(after, `kept-${index}`), sentence);
    });
  });

  for (const name of ['1st', 'with.dot', `a${'b'.repeat(35)}`]) {
    it(`is not named ${name}`, async () => {
      await assert.rejects(create({}, name), /metadata\.name must have at most 35/);
    });
  }

  it('takes what may change: a larger volume, more partitions, another cache', async () => {
    await create({}, 'grows');
    await replace(
      { database: { embedded: { storage: { size: '20Gi' } } }, topics: { likes: { partitions: 12 } } },
      'grows',
    );
    await replace(
      {
        database: { embedded: { storage: { size: '20Gi' } } },
        topics: { likes: { partitions: 12 } },
        cache: { external: { host: 'redis.example.org', passwordSecretRef: { name: 'x' } } },
      },
      'grows',
    );
  });
});
