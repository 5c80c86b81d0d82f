import type { Effect } from '../effect.ts';
import { apis, each, type Proofs, told } from '../proof.ts';

const host = 'tok.example.org';
const ingress = { mode: 'ingress', host } as const;
const route = {
  mode: 'gatewayAPI',
  publicUrl: `https://${host}`,
  gatewayAPI: { parentRefs: [{ name: 'edge' }] },
} as const;
const routed = { gateway: { ...route, gatewayAPI: { parentRefs: [{ name: 'edge' }] } } };

/** Who is told the address of the platform, and who makes addresses of it. */
const reachedAt = (url: string): Effect => ({
  url,
  ...told(['video'], 'PUBLIC_URL', url),
  ...told(['user', 'video'], 'MEDIA_BASE_URL', `${url}/shop-demo-media`),
  ...told(['video', 'publish', 'transcoder', 'migrate'], 'OBJECT_STORE_PUBLIC_ENDPOINT', url),
});

/** nginx with another configuration, which names the address of media. */
const nginxFor = (url: string): Effect => ({
  'ConfigMap demo-gateway-# data nginx.conf': new RegExp(`img-src 'self' data: ${url}`),
  'Deployment demo-gateway spec template spec volumes configuration configMap name': 'demo-gateway-#',
});

const noNginx: Effect = {
  ...each(['Service', 'Deployment', 'ServiceAccount', 'NetworkPolicy', 'PodDisruptionBudget'], (kind) => ({
    [`${kind} demo-gateway`]: 'gone',
  })),
  'ConfigMap demo-gateway-#': 'gone',
};

const opened = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } };

/** Proofs of the fields of `gateway`. */
export const gatewayProofs: Proofs = {
  'gateway.mode': {
    given: { gateway: { host } },
    to: 'ingress',
    makes: {
      ...noNginx,
      'Ingress demo-gateway': 'made',
      ...each(apis, (name) => ({ [`NetworkPolicy demo-${name} spec ingress 0 from`]: 'unset' })),
      'NetworkPolicy demo-object-store spec ingress 1 from': 'unset',
      ...reachedAt(`http://${host}`),
    },
  },
  'gateway.publicUrl': {
    to: `https://${host}`,
    makes: { ...reachedAt(`https://${host}`), ...nginxFor(`https://${host}`) },
  },
  'gateway.host': { to: host, makes: { ...reachedAt(`http://${host}:31234`), ...nginxFor(`http://${host}:31234`) } },
  'gateway.tls.secretRef.name': {
    given: { gateway: { ...ingress, tls: { secretRef: { name: 'old' } } } },
    to: 'new',
    makes: { 'condition SecretsReady': /^False CertificateUnusable the Secret new of spec\.gateway\.tls\.secretRef/ },
  },
  'gateway.service.type': {
    given: { gateway: { publicUrl: `https://${host}` } },
    to: 'ClusterIP',
    makes: {
      'Service demo-gateway spec type': 'ClusterIP',
      'Service demo-gateway spec externalTrafficPolicy': 'unset',
    },
  },
  'gateway.service.nodePort': {
    to: 30080,
    makes: {
      'Service demo-gateway spec ports http nodePort': 30080,
      ...reachedAt('http://127.0.0.1:30080'),
      ...nginxFor('http://127.0.0.1:30080'),
    },
  },
  'gateway.ingress.className': {
    given: { gateway: ingress },
    to: 'nginx',
    makes: { 'Ingress demo-gateway spec ingressClassName': 'nginx' },
  },
  'gateway.ingress.annotations': {
    given: { gateway: ingress },
    to: { team: 'clips' },
    makes: { 'Ingress demo-gateway metadata annotations team': 'clips' },
  },
  'gateway.gatewayAPI.parentRefs[].name': {
    given: routed,
    to: 'other',
    makes: {
      'HTTPRoute demo-gateway spec parentRefs edge': 'unset',
      'HTTPRoute demo-gateway spec parentRefs other': { name: 'other' },
    },
  },
  'gateway.gatewayAPI.parentRefs[].namespace': {
    given: routed,
    to: 'infra',
    makes: { 'HTTPRoute demo-gateway spec parentRefs edge namespace': 'infra' },
  },
  'gateway.gatewayAPI.parentRefs[].sectionName': {
    given: routed,
    to: 'https',
    makes: { 'HTTPRoute demo-gateway spec parentRefs edge sectionName': 'https' },
  },
  'gateway.controllerNamespaces[]': {
    given: { gateway: ingress },
    to: 'ingress',
    makes: {
      ...each(apis, (name) => ({ [`NetworkPolicy demo-${name} spec ingress 0 from`]: [opened] })),
      'NetworkPolicy demo-object-store spec ingress 1 from': [opened],
    },
  },
  'gateway.trustedCidrs[]': {
    given: { gateway: { trustedCidrs: ['10.0.0.0/8'] } },
    to: '192.0.2.0/24',
    makes: told(apis, 'HTTP_TRUSTED_CIDRS', '192.0.2.0/24'),
  },
};
