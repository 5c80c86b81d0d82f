/** A type as it travels in JSON: what the generated types call Date is a string on the wire. */
export type Wire<T> = T extends Date ? string : T extends object ? { [Key in keyof T]: Wire<T[Key]> } : T;

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** The part of the metadata that a client may ask for. */
export interface ManifestMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** Which fields a manager set, as a tree: `f:` fields, `k:` list items by key, `v:` set values, `.` the node itself. */
export interface FieldsTree {
  [step: string]: FieldsTree;
}

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  apiVersion?: string;
  time?: string;
  subresource?: string;
  fieldsType?: string;
  fieldsV1?: FieldsTree;
}

/** The metadata of an object that the API server has answered with. */
export interface LiveMeta extends ManifestMeta {
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  managedFields?: ManagedFieldsEntry[];
}

type Identity = 'apiVersion' | 'kind' | 'metadata';

/** An object as we want it: its identity is there, what only the server writes is not. */
export type Manifest<T extends object = object> = Omit<T, Identity | 'status'> & {
  apiVersion: string;
  kind: string;
  metadata: ManifestMeta;
};

/** An object as the API server has it. */
export type Live<T extends object = object> = Wire<Omit<T, Identity>> & {
  apiVersion: string;
  kind: string;
  metadata: LiveMeta;
};

/** Addresses an object within its resource; cluster-wide objects have no namespace. */
export interface ObjectKey {
  namespace?: string | undefined;
  name: string;
}

/** `namespace/name`, or `name` of an object without a namespace: the form in which stores and queues keep keys. */
export const keyText = ({ namespace, name }: ObjectKey): string => (namespace ? `${namespace}/${name}` : name);

/** The opposite of `keyText`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Whether the object is owned, as by a controller or otherwise, by the object with this uid. */
export const isOwnedBy = (object: { metadata: ManifestMeta }, ownerUid: string): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => uid === ownerUid) ?? false;
