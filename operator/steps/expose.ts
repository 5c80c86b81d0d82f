import type { V1Service } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { embeddedServersOf } from '../embedded-servers.ts';
import type { Live } from '../kubernetes/objects.ts';
import { gatewayPorts } from '../resources/gateway-configuration.ts';
import { bracketed } from '../resources/names.ts';
import { gatewayServiceFor } from '../resources/service.ts';
import type { Done } from './step.ts';

/** Takes the platform's address first: everything else of the object can be had once its port is. */
export async function expose(platform: TiktokLite, children: Children): Promise<Done<Live<V1Service>>> {
  const value = await children.apply(gatewayServiceFor(platform));
  const servers = embeddedServersOf(platform).map(({ server }) => server.name);
  const note =
    servers.length > 0
      ? `${servers.join(', ')} run embedded, for evaluation and development, not for production`
      : 'every server is external';
  return { reason: 'Accepted', message: note, value };
}

/** Where clients reach the gateway: what the object says, or its Service; undefined while a load balancer has no address. */
export function publicUrlOf({ spec }: TiktokLite, service: Live<V1Service>, nodeAddress: string): string | undefined {
  const { publicUrl, service: wanted } = spec.gateway;
  if (publicUrl !== undefined) return publicUrl;
  if (wanted.type === 'NodePort') return `http://${bracketed(nodeAddress)}:${service.spec?.ports?.[0]?.nodePort}`;
  const [ingress] = service.status?.loadBalancer?.ingress ?? [];
  const address = ingress?.hostname ?? ingress?.ip;
  return address === undefined ? undefined : `http://${bracketed(address)}:${gatewayPorts.http}`;
}
