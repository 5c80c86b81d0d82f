import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { httpRoutes } from '../../operator/mirrors.ts';
import { createAuthority, type KeyPair } from '../backends/certificates.ts';
import { eventually } from '../eventually.ts';
import { installForeignDefinition } from './foreign-definitions.ts';
import { type OperatedCluster, operatedCluster } from './reconcile-fixture.ts';

const host = 'tok.example.org';
const publicUrl = `https://${host}`;
const tls = { secretRef: { name: 'tok-tls' } };
const gatewayAPI = { parentRefs: [{ name: 'edge', namespace: 'infra' }] };

/** Every object of the platform that is there for its gateway alone. */
const ofTheGateway = [
  resources.deployments,
  resources.services,
  resources.serviceAccounts,
  resources.networkPolicies,
  resources.podDisruptionBudgets,
  resources.ingresses,
] as const;

describe('the way in that an object names', function () {
  this.timeout(180_000);

  let cluster: OperatedCluster;
  let folder: string;
  let pair: (name: string) => KeyPair;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-certificates-'));
    const authority = createAuthority(folder);
    pair = (name) => authority.issue(name, { addresses: [`DNS:${host}`] });
    cluster = await operatedCluster();
    await cluster.run(true);
    await cluster.apply();
    await cluster.ready();
  });
  after(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = async () => (await cluster.ready()).status?.url;
  const kindsOfTheGateway = async () => {
    const found = await Promise.all(ofTheGateway.map((resource) => cluster.find(resource, 'demo-gateway')));
    const configurations = (await cluster.list(resources.configMaps)).filter(({ metadata }) =>
      metadata.name.startsWith('demo-gateway-'),
    );
    return [...found, ...configurations].flatMap((live) => (live ? [live.kind] : []));
  };
  const said = (type: string, reason: string) =>
    eventually(`${type} says ${reason}`, async () => {
      const condition = await cluster.condition(type);
      return condition?.reason === reason && condition.message;
    });
  const putSecret = async ({ cert, key }: Pick<KeyPair, 'cert' | 'key'>) => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: tls.secretRef.name, namespace: cluster.namespace },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': cert, 'tls.key': key },
    };
    await cluster.client.apply(resources.secrets, secret as Manifest, { fieldManager: 'test' });
    // Secrets are not watched: without this the next look at it would be awaited.
    await cluster.nudge();
  };
  const certificateHash = async () =>
    (await cluster.find(resources.deployments, 'demo-gateway'))?.spec?.template.metadata?.annotations?.[
      'tiktoklite.dev/certificate-hash'
    ];

  it('is nginx with a Service by default', async () => {
    assert.deepEqual(await kindsOfTheGateway(), [
      ...['Deployment', 'Service', 'ServiceAccount', 'NetworkPolicy', 'PodDisruptionBudget', 'ConfigMap'],
    ]);
  });

  it('waits for the Secret of a certificate, and tells how to make it', async () => {
    await cluster.apply({ gateway: { host, tls, publicUrl } });
    assert.match(
      await said('SecretsReady', 'SecretMissing'),
      /Secret tok-tls of spec\.gateway\.tls.*kubectl create secret tls/,
    );
  });

  for (const [what, secret, complaint] of [
    ['no certificate', () => ({ cert: 'none', key: pair('one').key }), /tls\.crt is no certificate in PEM/],
    ['no key', () => ({ cert: pair('one').cert, key: 'none' }), /tls\.key is no private key in PEM/],
    ['the key of another', () => ({ cert: pair('one').cert, key: pair('two').key }), /not the key of tls\.crt/],
  ] as const) {
    it(`refuses a Secret with ${what}, and tells what belongs there`, async () => {
      await putSecret(secret());
      await eventually('the complaint', async () =>
        complaint.test((await cluster.condition('SecretsReady'))?.message ?? ''),
      );
    });
  }

  it('speaks TLS once there is a certificate, and rolls when it is renewed', async () => {
    await putSecret(pair('three'));
    await cluster.ready();
    const service = await cluster.find(resources.services, 'demo-gateway');
    assert.deepEqual(
      service?.spec?.ports?.map(({ name, port, targetPort }) => [name, port, targetPort]),
      [['https', 443, 8443]],
    );
    const known = await certificateHash();
    assert.ok(known);
    await putSecret(pair('four'));
    await eventually('another hash', async () => (await certificateHash()) !== known);
  });

  it('is an Ingress with mode ingress, and nothing of nginx stays', async () => {
    await cluster.apply({ gateway: { mode: 'ingress', host, tls, ingress: { className: 'nginx' } } });
    assert.equal(await url(), publicUrl);
    await eventually('only the Ingress', async () => String(await kindsOfTheGateway()) === 'Ingress');
  });

  it('is mended when it is an Ingress that somebody edits', async () => {
    const change = { spec: { ingressClassName: 'other' } };
    await cluster.client.patchMerge(
      resources.ingresses,
      { namespace: cluster.namespace, name: 'demo-gateway' },
      change,
    );
    await eventually('the class is back', async () => {
      const live = await cluster.find(resources.ingresses, 'demo-gateway');
      return live?.spec?.ingressClassName === 'nginx';
    });
  });

  it('waits with mode gatewayAPI where the cluster has no Gateway API', async () => {
    await cluster.apply({ gateway: { mode: 'gatewayAPI', publicUrl, host, gatewayAPI } });
    assert.match(await said('ServicesAvailable', 'GatewayApiMissing'), /install the Gateway API/);
  });

  it('is an HTTPRoute that the real definition accepts, and is Ready once a Gateway takes it', async () => {
    await installForeignDefinition(
      cluster.client,
      'sigs.k8s.io/gateway-api',
      'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
    );
    await cluster.nudge();
    assert.match(await said('ServicesAvailable', 'RouteNotAccepted'), /no Gateway has taken it yet/);
    const key = { namespace: cluster.namespace, name: 'demo-gateway' };
    const conditions = [
      {
        ...{ type: 'Accepted', status: 'True', reason: 'Accepted', message: '' },
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ];
    const parents = [{ parentRef: gatewayAPI.parentRefs[0], controllerName: 'example.org/edge', conditions }];
    await cluster.client.patchMerge(httpRoutes, key, { status: { parents } }, { subresource: 'status' });
    await cluster.nudge();
    assert.equal(await url(), publicUrl);
    await eventually('no Ingress any more', async () => (await kindsOfTheGateway()).length === 0);
  });

  it('is nothing with mode none', async () => {
    await cluster.apply({ gateway: { mode: 'none', publicUrl } });
    await cluster.ready();
    await eventually('no route any more', async () => (await cluster.find(httpRoutes, 'demo-gateway')) === undefined);
    assert.deepEqual(await kindsOfTheGateway(), []);
  });

  it('is nginx again when the object says so', async () => {
    await cluster.apply({ gateway: { mode: 'builtin' } });
    assert.match((await url()) ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await kindsOfTheGateway()).length, 6);
  });
});
