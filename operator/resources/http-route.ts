import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';
import { type Backend, backendsOf } from './routes.ts';

interface Match {
  path: { type: 'Exact' | 'PathPrefix'; value: string };
  method?: 'GET' | 'HEAD';
}

interface Rule {
  matches: Match[];
  backendRefs: { name: string; port: number }[];
}

interface ParentReference {
  name: string;
  namespace?: string;
  sectionName?: string;
}

/** An HTTPRoute of the Gateway API, as far as it is used here. */
export interface HttpRoute {
  spec: { parentRefs: ParentReference[]; hostnames?: string[]; rules: Rule[] };
  status?: {
    parents?: { parentRef: ParentReference; conditions?: { type: string; status: string; message?: string }[] }[];
  };
}

const methods = ['GET', 'HEAD'] as const;

function matchesOf({ exact, below, readOnly }: Backend): Match[] {
  const paths: Match[] = [
    ...exact.map((value) => ({ path: { type: 'Exact' as const, value } })),
    ...below.map((value) => ({ path: { type: 'PathPrefix' as const, value } })),
  ];
  return readOnly ? paths.flatMap((match) => methods.map((method) => ({ ...match, method }))) : paths;
}

/** Leads the paths of the API and of the files to their Services, by the Gateways that the object names. */
export function httpRouteFor(platform: TiktokLite): Manifest<HttpRoute> {
  const { host, gatewayAPI } = platform.spec.gateway;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: childMeta(platform, 'gateway'),
    spec: {
      parentRefs: gatewayAPI?.parentRefs ?? [],
      ...(host === undefined ? {} : { hostnames: [host] }),
      rules: backendsOf(platform).map((backend) => ({
        matches: matchesOf(backend),
        backendRefs: [{ name: childName(platform, backend.component), port: backend.port }],
      })),
    },
  };
}
