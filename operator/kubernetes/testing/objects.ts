import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Live, LiveMeta } from '../objects.ts';

/** A ConfigMap as a server would have it. */
export function buildConfigMap(
  name: string,
  resourceVersion: number,
  { data = {}, ...meta }: Partial<LiveMeta> & { data?: Record<string, string> } = {},
): Live<V1ConfigMap> {
  const metadata = {
    namespace: 'shop',
    name,
    uid: `uid of ${name}`,
    resourceVersion: String(resourceVersion),
    ...meta,
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}
