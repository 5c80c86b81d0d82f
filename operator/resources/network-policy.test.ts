import assert from 'node:assert/strict';
import { settingsOf } from '../../services/shared/settings.ts';
import { podNamesOf } from '../pods.ts';
import { buildPlatform } from '../testing/build-platform.ts';
import { networkPoliciesFor } from './network-policy.ts';

type Policies = ReturnType<typeof networkPoliciesFor>;

const policiesOf = (...spec: Parameters<typeof buildPlatform>) =>
  networkPoliciesFor(buildPlatform(...spec), 'tok-system');
const policyOf = (policies: Policies, name: string) =>
  policies.find(({ metadata }) => metadata.name === `demo-${name}`)?.spec ??
  assert.fail(`there is a policy of ${name}`);

const peerName = (peer: object): string =>
  /component":"([a-z-]+)"/.exec(JSON.stringify(peer))?.[1] ?? JSON.stringify(peer);

/** `redis:6379`: every platform's pod and port that a component may connect to. */
const destinations = (policies: Policies, name: string): string[] =>
  (policyOf(policies, name).egress ?? [])
    .filter(({ ports }) => ports?.every(({ port }) => port !== 53))
    .flatMap(({ to = [{}], ports = [] }) => to.flatMap((peer) => ports.map(({ port }) => `${peerName(peer)}:${port}`)))
    .sort();

/** `video:6379`: every platform's pod that may connect to a component, and the port that it may use. */
const sources = (policies: Policies, name: string): string[] =>
  (policyOf(policies, name).ingress ?? [])
    .flatMap(({ from = [{}], ports = [] }) =>
      from.flatMap((peer) => ports.map(({ port }) => `${peerName(peer)}:${port}`)),
    )
    .filter((source) => !source.includes('namespaceSelector'))
    .sort();

describe('the network policies of a platform', () => {
  const policies = policiesOf();

  it('refuse by default, in both directions, whatever carries the labels of the platform', () => {
    const { podSelector, policyTypes, ingress, egress } = policyOf(policies, 'default-deny');
    assert.deepEqual(podSelector, {
      matchLabels: { 'app.kubernetes.io/name': 'tiktok-lite', 'app.kubernetes.io/instance': 'demo' },
    });
    assert.deepEqual([policyTypes, ingress, egress], [['Ingress', 'Egress'], undefined, undefined]);
  });

  for (const [component, expected] of [
    ['auth', ['mysql:3306', 'redis:6379']],
    ['user', ['mysql:3306', 'redis:6379']],
    ['video', ['kafka:9092', 'mysql:3306', 'object-store:7070', 'redis:6379']],
    ['publish', ['kafka:9092', 'mysql:3306', 'object-store:7070', 'redis:6379']],
    ['like-writer', ['kafka:9092', 'mysql:3306', 'redis:6379']],
    ['transcoder', ['kafka:9092', 'mysql:3306', 'object-store:7070', 'redis:6379']],
    ['migrate', ['mysql:3306', 'object-store:7070']],
    ['warmup', ['mysql:3306', 'redis:6379']],
    ['maintenance', ['kafka:9092', 'mysql:3306', 'redis:6379']],
    ['gateway', ['auth:8080', 'object-store:7070', 'publish:8080', 'user:8080', 'video:8080']],
    ...(['mysql', 'redis', 'kafka', 'object-store'] as const).map((server) => [server, []] as const),
  ] as const) {
    it(`let ${component} connect to ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(destinations(policies, component), expected);
    });
  }

  it('let who connects to anything resolve names, and nobody else', () => {
    for (const { metadata, spec } of policies) {
      const resolves = (spec.egress ?? []).some(({ ports }) => ports?.some(({ port }) => port === 53));
      assert.equal(resolves, (spec.egress ?? []).length > 0, metadata.name);
    }
  });

  for (const [component, expected] of [
    ['video', ['gateway:8080']],
    ['transcoder', []],
    ['migrate', []],
    ['warmup', []],
    ['gateway', ['{}:8080']],
    [
      'redis',
      ['auth', 'like-writer', 'maintenance', 'publish', 'transcoder', 'user', 'video', 'warmup'].map(
        (name) => `${name}:6379`,
      ),
    ],
    ['object-store', ['gateway', 'migrate', 'publish', 'transcoder', 'video'].map((name) => `${name}:7070`)],
  ] as const) {
    it(`let ${expected.join(', ') || 'no pod of the platform'} connect to ${component}`, () => {
      assert.deepEqual(sources(policies, component), expected);
    });
  }

  it('let in at a server exactly whom they let out to it', () => {
    for (const [server, port] of [
      ['mysql', 3306],
      ['redis', 6379],
      ['kafka', 9092],
      ['object-store', 7070],
    ] as const) {
      const pods = Object.keys(settingsOf).filter((name) => name !== 'ffmpeg'); // it runs in the pods of the transcoder
      const clients = [...pods, 'gateway'].filter((name) => destinations(policies, name).includes(`${server}:${port}`));
      assert.deepEqual(sources(policies, server), clients.map((name) => `${name}:${port}`).sort());
    }
  });

  it('let the operator of its own namespace, and whoever the object names, look at health and metrics', () => {
    const { ingress } = policyOf(policiesOf({ networkPolicy: { metricsNamespaces: ['monitoring'] } }), 'transcoder');
    assert.deepEqual(ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tok-system' } },
            podSelector: { matchLabels: { 'app.kubernetes.io/name': 'tiktok-lite-operator' } },
          },
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
        ],
        ports: [{ port: 9090, protocol: 'TCP' }],
      },
    ]);
  });

  it('know external servers by their ports', () => {
    const external = policiesOf({
      database: {
        external: { host: 'db.example.org', port: 3307, database: 'x', credentialsSecretRef: { name: 'x' } },
      },
      kafka: { external: { brokers: ['k1:9094', 'k2:9094', 'k3:9095'] } },
      objectStore: {
        s3: {
          ...{ endpoint: 'https://s3.example.org', originalsBucket: 'ooo', mediaBucket: 'mmm' },
          credentialsSecretRef: { name: 'x' },
        },
        publicBaseUrl: 'https://cdn.example.org',
      },
    });
    assert.deepEqual(destinations(external, 'transcoder'), ['redis:6379', '{}:3307', '{}:443', '{}:9094', '{}:9095']);
    assert.deepEqual(
      external.filter(({ metadata }) => /mysql|kafka|store/.test(metadata.name)),
      [],
    );
  });

  it('are one for each kind of pod, and none where the object wants none', () => {
    for (const pod of podNamesOf(buildPlatform())) policyOf(policies, pod);
    assert.deepEqual(policiesOf({ networkPolicy: { enabled: false } }), []);
  });
});
