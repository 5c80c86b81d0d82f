import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import type { ImageDefaults } from '../images.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import type { Live } from '../kubernetes/objects.ts';
import { deploymentProgress, type Progress } from '../progress.ts';
import { embeddedPorts } from '../resources/addresses.ts';
import { gatewayConfigMapFor } from '../resources/config-map.ts';
import { disruptionBudgetFor } from '../resources/disruption-budget.ts';
import { gatewayDeploymentFor } from '../resources/gateway.ts';
import { gatewayConfiguration, type ServiceAddresses } from '../resources/gateway-configuration.ts';
import { type HttpRoute, httpRouteFor } from '../resources/http-route.ts';
import { ingressFor } from '../resources/ingress.ts';
import { serverServiceFor } from '../resources/service.ts';
import type { Facts } from '../resources/settings.ts';
import { WaitError } from './step.ts';

interface Context {
  facts: Pick<Facts, 'publicUrl'>;
  certificateHash: string | undefined;
  children: Children;
  images: ImageDefaults;
}

/** Leads requests from outside to the services, in the way that the object names; answers with the pods that do it. */
export async function openGateway(
  platform: TiktokLite,
  addresses: ServiceAddresses,
  context: Context,
): Promise<Progress[]> {
  switch (platform.spec.gateway.mode) {
    case 'builtin':
      return [await startNginx(platform, addresses, context)];
    case 'ingress':
      await context.children.apply(ingressFor(platform));
      return [];
    case 'gatewayAPI':
      await applyRoute(platform, context.children);
      return [];
    case 'none':
      return [];
  }
}

async function startNginx(
  platform: TiktokLite,
  addresses: ServiceAddresses,
  { children, facts, certificateHash, images }: Context,
): Promise<Progress> {
  const configuration = gatewayConfiguration(platform, facts.publicUrl, {
    ...addresses,
    'object-store': await addressOfObjectStore(platform, children),
  });
  await children.apply(gatewayConfigMapFor(platform, configuration));
  await children.apply(disruptionBudgetFor(platform, 'gateway'));
  const manifest = gatewayDeploymentFor(platform, { configuration, certificateHash }, images);
  return deploymentProgress('gateway', await children.apply(manifest));
}

/** The Service is there already: applied again it only tells its address. */
async function addressOfObjectStore(platform: TiktokLite, children: Children): Promise<string | undefined> {
  if (!platform.spec.objectStore.embedded) return undefined;
  const service = await children.apply(serverServiceFor(platform, 'object-store', embeddedPorts['object-store']));
  return service.spec?.clusterIP;
}

async function applyRoute(platform: TiktokLite, children: Children): Promise<void> {
  const route = await children.apply(httpRouteFor(platform)).catch((error: Error) => {
    if (!isNotFound(error.cause)) throw error;
    throw new WaitError(
      'GatewayApiMissing',
      'the cluster knows no HTTPRoute of gateway.networking.k8s.io/v1: install the Gateway API, or choose another gateway.mode',
    );
  });
  const complaint = routeComplaint(route);
  if (complaint) throw new WaitError('RouteNotAccepted', complaint);
}

/** Why no Gateway serves the route; undefined when one does. */
export function routeComplaint({ metadata, status }: Live<HttpRoute>): string | undefined {
  const judgements = (status?.parents ?? []).map(({ parentRef, conditions = [] }) => ({
    gateway: parentRef.name,
    accepted: conditions.find(({ type }) => type === 'Accepted'),
  }));
  if (judgements.some(({ accepted }) => accepted?.status === 'True')) return undefined;
  const refusals = judgements.flatMap(({ gateway, accepted }) =>
    accepted?.status === 'False'
      ? [`the Gateway ${gateway} refuses it: ${accepted.message ?? 'it does not say why'}`]
      : [],
  );
  const why =
    refusals.length > 0
      ? refusals.join('; ')
      : 'no Gateway has taken it yet: look whether those in gateway.gatewayAPI.parentRefs are there';
  return `the HTTPRoute ${metadata.name} is not served: ${why}`;
}
