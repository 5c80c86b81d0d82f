import type { V1HTTPIngressPath, V1Ingress } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { envelopeMegabytes } from './gateway-configuration.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';
import { type Backend, backendsOf } from './routes.ts';

/** ingress-nginx refuses bodies over 1 MiB and stores what it takes, unless it is told; others do not know these words. */
const uploadsThroughNginx = ({ spec }: TiktokLite): Record<string, string> => ({
  'nginx.ingress.kubernetes.io/proxy-body-size': `${spec.limits.uploadMegabytes + envelopeMegabytes}m`,
  'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '300',
  'nginx.ingress.kubernetes.io/proxy-send-timeout': '300',
});

function pathsTo(platform: TiktokLite, { component, port, exact, below }: Backend): V1HTTPIngressPath[] {
  const backend = { service: { name: childName(platform, component), port: { number: port } } };
  return [
    ...exact.map((path) => ({ path, pathType: 'Exact', backend })),
    ...below.map((path) => ({ path, pathType: 'Prefix', backend })),
  ];
}

/** Leads the paths of the API and of the files to their Services, by whichever controller serves its class. */
export function ingressFor(platform: TiktokLite): Manifest<V1Ingress> {
  const { host, tls, ingress } = platform.spec.gateway;
  const metadata = childMeta(platform, 'gateway');
  const paths = backendsOf(platform).flatMap((backend) => pathsTo(platform, backend));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { ...metadata, annotations: { ...uploadsThroughNginx(platform), ...ingress?.annotations } },
    spec: {
      ...(ingress?.className === undefined ? {} : { ingressClassName: ingress.className }),
      ...(tls ? { tls: [{ secretName: tls.secretRef.name, ...(host === undefined ? {} : { hosts: [host] }) }] } : {}),
      rules: [{ ...(host === undefined ? {} : { host }), http: { paths } }],
    },
  };
}
