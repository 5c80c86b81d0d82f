import type {
  EventsV1Event,
  V1ConfigMap,
  V1CronJob,
  V1CustomResourceDefinition,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Lease,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { ObjectKey, Wire } from './objects.ts';

declare const objectType: unique symbol;

/** Where the API server keeps objects of one kind, and the TypeScript type that they have. */
export interface Resource<T extends object = object> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly [objectType]?: T;
}

/** Describes a resource, a custom one for example. */
export const defineResource = <T extends object>(description: Omit<Resource, typeof objectType>): Resource<T> =>
  description;

const namespaced = <T extends object>(apiVersion: string, plural: string, kind: string): Resource<T> =>
  defineResource({ ...splitApiVersion(apiVersion), plural, kind, namespaced: true });

const clusterWide = <T extends object>(apiVersion: string, plural: string, kind: string): Resource<T> =>
  defineResource({ ...splitApiVersion(apiVersion), plural, kind, namespaced: false });

function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** The built-in resources that operators commonly deal with. */
export const resources = {
  configMaps: namespaced<V1ConfigMap>('v1', 'configmaps', 'ConfigMap'),
  namespaces: clusterWide<V1Namespace>('v1', 'namespaces', 'Namespace'),
  persistentVolumeClaims: namespaced<V1PersistentVolumeClaim>('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  pods: namespaced<V1Pod>('v1', 'pods', 'Pod'),
  secrets: namespaced<V1Secret>('v1', 'secrets', 'Secret'),
  serviceAccounts: namespaced<V1ServiceAccount>('v1', 'serviceaccounts', 'ServiceAccount'),
  services: namespaced<V1Service>('v1', 'services', 'Service'),
  deployments: namespaced<V1Deployment>('apps/v1', 'deployments', 'Deployment'),
  statefulSets: namespaced<V1StatefulSet>('apps/v1', 'statefulsets', 'StatefulSet'),
  jobs: namespaced<V1Job>('batch/v1', 'jobs', 'Job'),
  cronJobs: namespaced<V1CronJob>('batch/v1', 'cronjobs', 'CronJob'),
  ingresses: namespaced<V1Ingress>('networking.k8s.io/v1', 'ingresses', 'Ingress'),
  networkPolicies: namespaced<V1NetworkPolicy>('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy'),
  podDisruptionBudgets: namespaced<V1PodDisruptionBudget>('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  horizontalPodAutoscalers: namespaced<V2HorizontalPodAutoscaler>(
    'autoscaling/v2',
    'horizontalpodautoscalers',
    'HorizontalPodAutoscaler',
  ),
  roles: namespaced<V1Role>('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  roleBindings: namespaced<V1RoleBinding>('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  // Written by us, with times as text.
  leases: namespaced<Wire<V1Lease>>('coordination.k8s.io/v1', 'leases', 'Lease'),
  events: namespaced<Wire<EventsV1Event>>('events.k8s.io/v1', 'events', 'Event'),
  customResourceDefinitions: clusterWide<V1CustomResourceDefinition>(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
  ),
} as const;

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = ({ group, version }: Resource): string => (group ? `${group}/${version}` : version);

/** Identifies the kind of an object or of a resource: `apps/v1/Deployment`. */
export const kindKey = (of: { apiVersion: string; kind: string } | Resource): string =>
  `${'apiVersion' in of ? of.apiVersion : apiVersionOf(of)}/${of.kind}`;

/** The path of a collection, or of one object in it, below the server's address. */
export function pathOf(resource: Resource, { namespace, name }: Partial<ObjectKey> = {}, subresource = ''): string {
  if (name !== undefined && resource.namespaced !== Boolean(namespace))
    throw new Error(`${resource.kind} ${name} needs ${resource.namespaced ? 'a namespace' : 'no namespace'}`);
  if (name === '') throw new Error(`${resource.kind} needs a name`);
  return [
    resource.group ? `/apis/${resource.group}` : '/api',
    resource.version,
    ...(namespace ? ['namespaces', encodeURIComponent(namespace)] : []),
    resource.plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource ? [subresource] : []),
  ].join('/');
}
