import type { V1Service } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { ports } from '../components.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { gatewayPorts } from './gateway-configuration.ts';
import { selectorOf } from './labels.ts';
import { childMeta } from './owner.ts';
import { apiServicePort } from './routes.ts';

/** The address of an API service inside of the platform. */
export const apiServiceFor = (platform: TiktokLite, component: string): Manifest<V1Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: childMeta(platform, component),
  spec: {
    type: 'ClusterIP',
    selector: selectorOf(platform, component),
    ports: [
      { name: 'http', port: apiServicePort, targetPort: ports.http, protocol: 'TCP' },
      { name: 'health', port: ports.health, targetPort: ports.health, protocol: 'TCP' },
    ],
  },
});

/**
 * The address of an embedded server, the same for as long as the platform lives. It leads
 * to the one pod, ready or not: nothing is won by taking the only server away.
 */
export const serverServiceFor = (platform: TiktokLite, component: string, port: number): Manifest<V1Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: childMeta(platform, component),
  spec: {
    type: 'ClusterIP',
    publishNotReadyAddresses: true,
    selector: selectorOf(platform, component),
    ports: [{ name: component, port, targetPort: port, protocol: 'TCP' }],
  },
});

/** The port of the gateway's Service and of its pods: plain HTTP, or TLS where the object has a certificate. */
export const gatewayPortOf = ({ spec }: TiktokLite) =>
  spec.gateway.tls
    ? { name: 'https', port: 443, targetPort: gatewayPorts.https }
    : { name: 'http', port: gatewayPorts.http, targetPort: gatewayPorts.http };

/** The one address of the platform. Traffic from outside stays on its node, so that the gateway sees the client's address. */
export function gatewayServiceFor(platform: TiktokLite): Manifest<V1Service> {
  const { type, nodePort } = platform.spec.gateway.service;
  const port = { ...gatewayPortOf(platform), protocol: 'TCP', ...(nodePort === undefined ? {} : { nodePort }) };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMeta(platform, 'gateway'),
    spec: {
      type,
      selector: selectorOf(platform, 'gateway'),
      ...(type === 'ClusterIP' ? {} : { externalTrafficPolicy: 'Local' }),
      ports: [port],
    },
  };
}
