import type { JsonPatchOperation } from './client-types.ts';
import { isEmptyTree, minus, union, withoutPaths } from './fields-tree.ts';
import type { FieldsTree, Live, LiveMeta, ManagedFieldsEntry } from './objects.ts';

/** Whose fields on our objects are welcome. */
export interface FieldPolicy {
  /** Our own manager: its server-side apply is the whole intent. */
  fieldManager: string;
  /** Other writers that may set fields, such as an autoscaler of ours. */
  welcomeManagers?: readonly string[];
}

/** Parts of Kubernetes that complete our objects, and never undo what we want of them. */
const clusterManagers: ReadonlySet<string> = new Set([
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'cloud-controller-manager',
]);

/** Fields that anybody may set on our objects. */
const freeFields: readonly (readonly string[])[] = [
  // Labels and annotations of others; what we apply of them is compared by value.
  ['f:metadata'],
  ['f:status'],
  // `kubectl rollout restart` is a wish that we respect: undoing it would roll the pods a second time.
  ['f:spec', 'f:template', 'f:metadata', 'f:annotations', 'f:kubectl.kubernetes.io/restartedAt'],
];

const isOwnApply = ({ manager, operation, subresource }: ManagedFieldsEntry, { fieldManager }: FieldPolicy): boolean =>
  manager === fieldManager && operation === 'Apply' && !subresource;

/** The fields of an entry that should not be there, or undefined. */
function unwelcomeFields(entry: ManagedFieldsEntry, apiVersion: string, policy: FieldPolicy): FieldsTree | undefined {
  const { manager = '', fieldsV1 } = entry;
  if (!fieldsV1 || isOwnApply(entry, policy) || entry.subresource === 'status') return undefined;
  if (clusterManagers.has(manager) || policy.welcomeManagers?.includes(manager)) return undefined;
  // Fields named in another version cannot be moved into our entry as they are.
  if (entry.apiVersion !== apiVersion) return undefined;
  const fields = withoutPaths(fieldsV1, freeFields);
  return isEmptyTree(fields) ? undefined : fields;
}

/**
 * Makes an object small for a store: of the managed fields, which are often half of it, stays only what somebody else
 * has set and should not have. On an object that is as we left it, that is nothing.
 */
export function reduceManagedFields<T extends object>(object: Live<T>, policy: FieldPolicy): Live<T> {
  const { managedFields: entries = [], annotations, ...rest } = object.metadata;
  const managedFields = entries.flatMap((entry) => {
    const fieldsV1 = unwelcomeFields(entry, object.apiVersion, policy);
    return fieldsV1 ? [{ manager: entry.manager ?? '', fieldsV1 }] : [];
  });
  const metadata: LiveMeta = {
    ...rest,
    ...(annotations ? { annotations: withoutLastApplied(annotations) } : {}),
    ...(managedFields.length > 0 ? { managedFields } : {}),
  };
  return Object.assign({}, object, { metadata });
}

const withoutLastApplied = ({
  'kubectl.kubernetes.io/last-applied-configuration': _,
  ...annotations
}: Record<string, string>) => annotations;

/** Who holds fields of a reduced object that only we should set. */
export const intruders = ({ metadata }: Live, { leavesReplicas }: { leavesReplicas: boolean }): string[] =>
  (metadata.managedFields ?? []).flatMap(({ manager = '', fieldsV1 = {} }) =>
    isEmptyTree(leavesReplicas ? withoutPaths(fieldsV1, [replicas]) : fieldsV1) ? [] : [manager],
  );

const replicas = ['f:spec', 'f:replicas'] as const;
const onlyReplicas: FieldsTree = { 'f:spec': { 'f:replicas': {} } };

/** Whether an entry names the number of replicas. */
const holdsReplicas = ({ fieldsV1 = {} }: ManagedFieldsEntry): boolean =>
  !isEmptyTree(minus(onlyReplicas, minus(onlyReplicas, fieldsV1)));

/**
 * The patch that gives the number of replicas to a scaler before we stop naming it: a server-side apply that leaves out
 * what nobody else holds puts it back to its default, one. Kubernetes describes the same between two appliers
 * (server-side apply, "transferring ownership"). Needs the object as the server has it; undefined when it is not ours alone.
 */
export function handOverReplicas(
  { apiVersion, metadata }: Live,
  policy: FieldPolicy,
  scaler: string,
): JsonPatchOperation[] | undefined {
  const entries = metadata.managedFields ?? [];
  const [holder, ...others] = entries.filter(holdsReplicas);
  if (!holder || others.length > 0 || !isOwnApply(holder, policy)) return undefined;
  const scaled = { manager: scaler, operation: 'Update', apiVersion, subresource: 'scale' } as const;
  const kept = entries.map((entry) =>
    entry === holder ? { ...entry, fieldsV1: withoutPaths(entry.fieldsV1 ?? {}, [replicas]) } : entry,
  );
  return replaceEntries(metadata, [...kept, { ...scaled, fieldsType: 'FieldsV1', fieldsV1: onlyReplicas }]);
}

/** Fails where the object has changed meanwhile. */
const replaceEntries = ({ resourceVersion }: LiveMeta, entries: ManagedFieldsEntry[]): JsonPatchOperation[] => [
  { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
  { op: 'replace', path: '/metadata/managedFields', value: entries },
];

/**
 * The patch that makes everybody's unwelcome fields ours, so that our next server-side apply, which does not name
 * them, removes them; client-go's csaupgrade does the same for fields of `kubectl apply`. Needs the object as the
 * server has it, not a reduced one. Undefined when there is nothing to take.
 */
export function takeOver(
  { apiVersion, metadata }: Live,
  policy: FieldPolicy,
  { leavesReplicas }: { leavesReplicas: boolean },
): JsonPatchOperation[] | undefined {
  const entries = metadata.managedFields ?? [];
  const own = entries.find((entry) => isOwnApply(entry, policy) && entry.apiVersion === apiVersion);
  let ours: FieldsTree = own?.fieldsV1 ?? {};
  const others: ManagedFieldsEntry[] = [];
  let taken = false;

  for (const entry of entries) {
    if (entry === own) continue;
    const unwelcome = unwelcomeFields(entry, apiVersion, policy) ?? {};
    const fields = leavesReplicas ? withoutPaths(unwelcome, [replicas]) : unwelcome;
    const left = minus(entry.fieldsV1 ?? {}, fields);
    if (!isEmptyTree(fields)) taken = true;
    ours = union(ours, fields);
    if (!isEmptyTree(left)) others.push({ ...entry, fieldsV1: left });
  }
  if (!taken) return undefined;

  const entry = {
    ...own,
    manager: policy.fieldManager,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: ours,
  };
  return replaceEntries(metadata, [entry, ...others]);
}
