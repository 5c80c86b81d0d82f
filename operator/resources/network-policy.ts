import type {
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';
import type { ComponentName } from '../../services/shared/settings.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { components, ports, tasks } from '../components.ts';
import { embeddedServersOf } from '../embedded-servers.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { embeddedPorts } from './addresses.ts';
import { platformSelectorOf, selectorOf } from './labels.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';
import { gatewayPortOf } from './service.ts';
import { clientsOf, externalPortsOf, type ServerName, serversOf } from './traffic.ts';

/** As it is written; the client's types call `from` otherwise. */
type Ingress = Omit<V1NetworkPolicyIngressRule, '_from'> & { from?: V1NetworkPolicyPeer[] };
type Egress = V1NetworkPolicyEgressRule;

const tcp = (...numbers: number[]): V1NetworkPolicyPort[] =>
  [...new Set(numbers)].map((port) => ({ port, protocol: 'TCP' }));

const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

const podsOf = (platform: TiktokLite, component: string): V1NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorOf(platform, component) },
});

/** The operator asks brokers about topics and pods about their state. */
const operatorIn = (namespace: string): V1NetworkPolicyPeer => ({
  ...inNamespace(namespace),
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'tiktok-lite-operator' } },
});

/** Names are resolved by the cluster's servers, or by the cache of the node on its link-local address. */
const dns: Egress = {
  to: [inNamespace('kube-system'), { ipBlock: { cidr: '169.254.0.0/16' } }],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** Who may look at health and metrics. The kubelet always may: nodes are not subject to policies. */
function watchers(platform: TiktokLite, operatorNamespace: string): Ingress {
  const { metricsNamespaces } = platform.spec.networkPolicy;
  return { from: [operatorIn(operatorNamespace), ...metricsNamespaces.map(inNamespace)], ports: tcp(ports.health) };
}

/** A server outside of the cluster has a name and no address that a policy could know: its port is what remains. */
function egressTo(platform: TiktokLite, server: ServerName): Egress {
  const external = externalPortsOf(platform, server);
  if (external) return { ports: tcp(...external) };
  return { to: [podsOf(platform, server)], ports: tcp(embeddedPorts[server]) };
}

/** Those who bring requests from outside: the gateway, or whoever stands in for it, from the namespaces that the object names. */
function callersOf(platform: TiktokLite, port: number): Ingress {
  const { mode, controllerNamespaces } = platform.spec.gateway;
  if (mode === 'builtin') return { from: [podsOf(platform, 'gateway')], ports: tcp(port) };
  if (controllerNamespaces.length === 0) return { ports: tcp(port) };
  return { from: controllerNamespaces.map(inNamespace), ports: tcp(port) };
}

interface Rules {
  ingress: Ingress[];
  egress: Egress[];
}

type NetworkPolicy = Manifest<{ spec: Omit<V1NetworkPolicySpec, 'ingress'> & Partial<Rules> }>;

function policyFor(platform: TiktokLite, component: string, { ingress, egress }: Rules): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: childMeta(platform, component),
    spec: {
      podSelector: { matchLabels: selectorOf(platform, component) },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress: egress.length > 0 ? [dns, ...egress] : [],
    },
  };
}

const workerPolicy = (platform: TiktokLite, component: ComponentName, ingress: Ingress[]) =>
  policyFor(platform, component, {
    ingress,
    egress: serversOf(component).map((server) => egressTo(platform, server)),
  });

/** What nothing else says is refused, also to pods that a person starts with the platform's labels. */
const nothingElse = (platform: TiktokLite): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: childMeta(platform, 'platform', childName(platform, 'default-deny')),
  spec: { podSelector: { matchLabels: platformSelectorOf(platform) }, policyTypes: ['Ingress', 'Egress'] },
});

function gatewayPolicy(platform: TiktokLite, watched: Ingress): NetworkPolicy {
  const services = components.filter(({ serves }) => serves).map(({ name }) => podsOf(platform, name));
  return policyFor(platform, 'gateway', {
    // Clients come from anywhere.
    ingress: [{ ports: tcp(gatewayPortOf(platform).targetPort) }, watched],
    egress: [
      { to: services, ports: tcp(ports.http) },
      ...(platform.spec.objectStore.embedded ? [egressTo(platform, 'object-store')] : []),
    ],
  });
}

/** An embedded server takes connections of those who know where it is, and opens none. */
const serverPolicy = (platform: TiktokLite, server: ServerName, operatorNamespace: string) =>
  policyFor(platform, server, {
    ingress: [
      {
        from: [...clientsOf(server).map((client) => podsOf(platform, client)), operatorIn(operatorNamespace)],
        ports: tcp(embeddedPorts[server]),
      },
      // Files of an embedded store are read from outside.
      ...(server === 'object-store' ? [callersOf(platform, embeddedPorts[server])] : []),
    ],
    egress: [],
  });

/** Who may talk to whom: a default of nothing, and one policy a component with what its settings lead it to. */
export function networkPoliciesFor(platform: TiktokLite, operatorNamespace: string): NetworkPolicy[] {
  if (!platform.spec.networkPolicy.enabled) return [];
  const watched = watchers(platform, operatorNamespace);
  return [
    nothingElse(platform),
    ...components.map(({ name, serves }) =>
      workerPolicy(platform, name, serves ? [callersOf(platform, ports.http), watched] : [watched]),
    ),
    ...tasks.map(({ name }) => workerPolicy(platform, name, [])),
    workerPolicy(platform, 'maintenance', []),
    ...(platform.spec.gateway.mode === 'builtin' ? [gatewayPolicy(platform, watched)] : []),
    ...embeddedServersOf(platform).map(({ server }) => serverPolicy(platform, server.name, operatorNamespace)),
  ];
}
