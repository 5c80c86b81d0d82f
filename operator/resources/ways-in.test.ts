import assert from 'node:assert/strict';
import { buildPlatform, externalStore } from '../testing/build-platform.ts';
import { recordChildren } from '../testing/record-children.ts';
import { httpRouteFor } from './http-route.ts';
import { ingressFor } from './ingress.ts';
import { networkPoliciesFor } from './network-policy.ts';
import { gatewayServiceFor } from './service.ts';

describe('an Ingress', () => {
  const gateway = { mode: 'ingress', host: 'tok.example.org', tls: { secretRef: { name: 'tok-tls' } } } as const;
  const platform = buildPlatform({ gateway: { ...gateway, ingress: { className: 'nginx', annotations: { a: 'b' } } } });
  const ingress = ingressFor(platform);
  const paths = ingress.spec?.rules?.[0]?.http?.paths ?? [];
  const servedBy = (wanted: string) =>
    paths
      .filter(({ path }) => path === wanted)
      .map(({ pathType, backend }) => `${pathType} ${backend.service?.name}:${backend.service?.port?.number}`);

  for (const [path, served] of [
    ['/douyin/user/register/', 'Exact demo-auth:80'],
    ['/douyin/user', 'Exact demo-user:80'],
    ['/douyin/relation', 'Prefix demo-user:80'],
    ['/douyin/publish/list/', 'Exact demo-video:80'],
    ['/douyin/publish/action/', 'Exact demo-publish:80'],
    ['/v1', 'Prefix demo-auth:80'],
    ['/shop-demo-media', 'Prefix demo-object-store:7070'],
  ] as const) {
    it(`leads ${path} to ${served}`, () => assert.deepEqual(servedBy(path), [served]));
  }

  it('answers to the host alone, with the certificate of the object', () => {
    assert.equal(ingress.spec?.rules?.[0]?.host, 'tok.example.org');
    assert.deepEqual(ingress.spec?.tls, [{ secretName: 'tok-tls', hosts: ['tok.example.org'] }]);
    assert.equal(ingress.spec?.ingressClassName, 'nginx');
  });

  it('lets uploads pass ingress-nginx, and keeps the annotations of the object', () => {
    const { annotations } = ingress.metadata as { annotations?: Record<string, string> };
    assert.equal(annotations?.['nginx.ingress.kubernetes.io/proxy-body-size'], '129m');
    assert.equal(annotations?.a, 'b');
  });

  it('leads to no store that is elsewhere', () => {
    const elsewhere = ingressFor(buildPlatform({ gateway, objectStore: externalStore }));
    assert.doesNotMatch(JSON.stringify(elsewhere), /object-store/);
  });
});

describe('an HTTPRoute', () => {
  const gateway = {
    mode: 'gatewayAPI',
    publicUrl: 'https://tok.example.org',
    host: 'tok.example.org',
    gatewayAPI: { parentRefs: [{ name: 'edge', namespace: 'infra', sectionName: 'https' }] },
  } as const;
  const { spec } = httpRouteFor(
    buildPlatform({ gateway: { ...gateway, gatewayAPI: { parentRefs: [...gateway.gatewayAPI.parentRefs] } } }),
  );

  it('asks the Gateways of the object to serve the host', () => {
    assert.deepEqual(spec.parentRefs, [{ name: 'edge', namespace: 'infra', sectionName: 'https' }]);
    assert.deepEqual(spec.hostnames, ['tok.example.org']);
  });

  it('has a rule for each Service, and lets files only be read', () => {
    assert.deepEqual(
      spec.rules.map(({ backendRefs }) => backendRefs.map(({ name, port }) => `${name}:${port}`).join()),
      ['demo-auth:80', 'demo-user:80', 'demo-video:80', 'demo-publish:80', 'demo-object-store:7070'],
    );
    assert.deepEqual(
      spec.rules.at(-1)?.matches.map(({ path, method }) => `${method} ${path.type} ${path.value}`),
      [
        'GET PathPrefix /shop-demo-originals',
        'HEAD PathPrefix /shop-demo-originals',
        'GET PathPrefix /shop-demo-media',
        'HEAD PathPrefix /shop-demo-media',
      ],
    );
  });
});

describe('a gateway of its own', () => {
  const withTls = buildPlatform({ gateway: { tls: { secretRef: { name: 'tok-tls' } } } });

  it('listens on the port of TLS where the object has a certificate', () => {
    assert.deepEqual(gatewayServiceFor(withTls).spec?.ports, [
      { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
    ]);
  });

  for (const [mode, section] of [
    ['ingress', { host: 'tok.example.org' }],
    ['gatewayAPI', { publicUrl: 'https://x', gatewayAPI: { parentRefs: [{ name: 'edge' }] } }],
    ['none', { publicUrl: 'https://x' }],
  ] as const) {
    it(`is not there with mode ${mode}, and services are open to the namespaces that the object names`, async () => {
      const gateway = structuredClone({ mode, controllerNamespaces: ['ingress'], ...section });
      const platform = buildPlatform({ gateway: gateway as object });
      const pods = (await recordChildren(platform)).filter(({ metadata }) => /-gateway/.test(metadata.name));
      assert.deepEqual(
        pods.map(({ kind }) => kind),
        { ingress: ['Ingress'], gatewayAPI: ['HTTPRoute'], none: [] }[mode],
      );
      const policies = networkPoliciesFor(platform, 'operators');
      for (const [name, port] of [
        ['demo-video', 8080],
        ['demo-object-store', 7070],
      ] as const) {
        const rules = policies.find(({ metadata }) => metadata.name === name)?.spec.ingress ?? [];
        const namespaced = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } };
        assert.ok(
          rules.some(
            ({ from, ports }) =>
              JSON.stringify([from, ports]) === JSON.stringify([[namespaced], [{ port, protocol: 'TCP' }]]),
          ),
          `${name} lets them in on ${port}`,
        );
      }
    });
  }
});
