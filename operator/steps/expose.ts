import type { V1Service } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { embeddedServersOf } from '../embedded-servers.ts';
import type { Live } from '../kubernetes/objects.ts';
import { bracketed } from '../resources/names.ts';
import { gatewayServiceFor } from '../resources/service.ts';
import type { Done } from './step.ts';

/**
 * Takes the platform's address first: everything else of the object can be had once its port is. Answers with where
 * clients reach the platform; undefined while a load balancer has no address.
 */
export async function expose(
  platform: TiktokLite,
  { children, nodeAddress }: { children: Children; nodeAddress: string },
): Promise<Done<string | undefined>> {
  const builtin = platform.spec.gateway.mode === 'builtin';
  const service = builtin ? await children.apply(gatewayServiceFor(platform)) : undefined;
  const servers = embeddedServersOf(platform).map(({ server }) => server.name);
  const note =
    servers.length > 0
      ? `${servers.join(', ')} run embedded, for evaluation and development, not for production`
      : 'every server is external';
  return { reason: 'Accepted', message: note, value: publicUrlOf(platform, service, nodeAddress) };
}

/** What the object says, or follows from its host or from the Service of the gateway. */
function publicUrlOf(
  { spec }: TiktokLite,
  service: Live<V1Service> | undefined,
  nodeAddress: string,
): string | undefined {
  const { publicUrl, host, tls } = spec.gateway;
  const scheme = tls ? 'https' : 'http';
  if (publicUrl !== undefined) return publicUrl;
  if (!service) return `${scheme}://${host}`;
  const [port] = service.spec?.ports ?? [];
  if (spec.gateway.service.type === 'NodePort')
    return `${scheme}://${bracketed(host ?? nodeAddress)}:${port?.nodePort}`;
  const [ingress] = service.status?.loadBalancer?.ingress ?? [];
  const address = host ?? ingress?.hostname ?? ingress?.ip;
  if (address === undefined) return undefined;
  return `${scheme}://${bracketed(address)}${tls ? '' : `:${port?.port}`}`;
}
