import type { CallOptions } from './caller.ts';
import type { Live, Manifest, ObjectKey } from './objects.ts';
import type { Resource } from './resources.ts';
import type { WatchEvent } from './watch-events.ts';

/** Which objects of a resource. */
export interface Selection {
  /** All namespaces when absent. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Only identity and metadata travel: for resources of which nothing else is read. */
  metadataOnly?: boolean | undefined;
}

export interface ListOptions extends Selection, CallOptions {
  /** Objects per request. */
  pageSize?: number | undefined;
}

export interface ListResult<T extends object> {
  items: Live<T>[];
  /** Where a watch continues. */
  resourceVersion: string;
}

export interface ApplyOptions extends CallOptions {
  /** One name per concern; what a manager stops applying disappears. */
  fieldManager: string;
  /** Take fields from other managers; false makes that a conflict. */
  force?: boolean;
}

export interface WriteOptions extends CallOptions {
  fieldManager?: string;
  subresource?: 'status' | 'scale';
}

export interface DeleteOptions extends CallOptions {
  /** Delete only this very object, never its namesake that came later. */
  uid?: string;
  resourceVersion?: string;
  propagation?: 'Background' | 'Foreground' | 'Orphan';
}

export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** The Kubernetes API as raw JSON: nothing that this program does not know is ever dropped. */
export interface Client {
  get: <T extends object>(resource: Resource<T>, key: ObjectKey, options?: CallOptions) => Promise<Live<T>>;
  /** Undefined when there is no such object. */
  find: <T extends object>(
    resource: Resource<T>,
    key: ObjectKey,
    options?: CallOptions,
  ) => Promise<Live<T> | undefined>;
  /** All of them, fetched in pages. */
  list: <T extends object>(resource: Resource<T>, options?: ListOptions) => Promise<ListResult<T>>;
  /** Server-side apply of the whole intent; creates what is missing. */
  apply: <T extends object>(resource: Resource<T>, manifest: Manifest<T>, options: ApplyOptions) => Promise<Live<T>>;
  applyStatus: <T extends object>(resource: Resource<T>, object: StatusOf, options: ApplyOptions) => Promise<Live<T>>;
  create: <T extends object>(resource: Resource<T>, manifest: Manifest<T>, options?: WriteOptions) => Promise<Live<T>>;
  /** RFC 6902; a failed `test` is a conflict or an invalid object, never half a change. */
  patchJson: <T extends object>(
    resource: Resource<T>,
    key: ObjectKey,
    operations: JsonPatchOperation[],
    options?: WriteOptions,
  ) => Promise<Live<T>>;
  /** RFC 7386; with `metadata.resourceVersion` in it, the server refuses when the object has changed since. */
  patchMerge: <T extends object>(
    resource: Resource<T>,
    key: ObjectKey,
    changes: object,
    options?: WriteOptions,
  ) => Promise<Live<T>>;
  /** Sets the replicas of a workload through its scale subresource, under a manager of its own. */
  scale: (
    resource: Resource,
    key: ObjectKey,
    replicas: number,
    options: WriteOptions & { fieldManager: string },
  ) => Promise<void>;
  /** Succeeds when the object is already gone. */
  delete: (resource: Resource, key: ObjectKey, options?: DeleteOptions) => Promise<void>;
  /** One watch, from a version on, to its end or failure. */
  watch: <T extends object>(resource: Resource<T>, query: WatchQuery) => AsyncGenerator<WatchEvent<T>>;
  /** The server's version: cheap proof that it can be reached. */
  version: (options?: CallOptions) => Promise<{ gitVersion: string }>;
  /** The same client, but each try of a write first asks the guard, which throws to stop it. */
  guarded: (beforeWrite: () => void) => Client;
  close: () => Promise<void>;
}

/** One watch: from where, and how long. */
export interface WatchQuery extends Selection {
  resourceVersion: string;
  /** The server ends the watch after this time. */
  timeoutSeconds: number;
  /** The watch fails when nothing, not even a bookmark, came for this long. */
  silenceSeconds: number;
  signal: AbortSignal;
}

/** What identifies an object whose status is applied, with that status. */
export type StatusOf = Pick<Manifest, 'apiVersion' | 'kind'> & { metadata: ObjectKey; status: object };
