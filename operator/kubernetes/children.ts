import type { Client } from './client-types.ts';
import { fingerprint, judgeDrift, leavesReplicas, prepare, type Verdict } from './drift.ts';
import { isConflict } from './errors.ts';
import type { Log } from './log.ts';
import { type FieldPolicy, handOverReplicas, reduceManagedFields, takeOver } from './managed-fields.ts';
import { keyText, type Live, type Manifest, type ObjectKey } from './objects.ts';
import { ForeignObjectError, ownershipProblem } from './ownership.ts';
import { kindKey, type Resource } from './resources.ts';
import { differences } from './subset.ts';

/** The part of a store that children need. Methods, so that stores of all types fit. */
export interface ChildStore {
  get(key: ObjectKey): Live | undefined;
  ownedBy(ownerUid: string): Live[];
  written(object: Live): void;
}

/** A kind of object that a pass may apply. Without a store each pass asks the server, and nothing of it is pruned. */
export interface ChildKind {
  resource: Resource;
  /** Fed by a reflector with `reduceManagedFields` as its transform. */
  store?: ChildStore;
}

export interface ChildrenOptions extends FieldPolicy {
  client: Pick<Client, 'find' | 'apply' | 'patchJson' | 'delete'>;
  kinds: readonly ChildKind[];
  /** Annotation that carries the hash of what was applied. */
  hashAnnotation: string;
  /** Gets the number of replicas when a manifest no longer names it. */
  scaleManager: string;
  log: Log;
}

/** How an object came to be as desired; `unchanged` means that nothing was written. */
export type Outcome = 'unchanged' | 'created' | 'updated';

/** One pass over the children of one owner: apply all that is desired, then prune. */
export interface ChildrenPass {
  /** Makes the object as desired, whoever has changed it in whatever way; writes nothing when it is. */
  apply: <T extends object>(manifest: Manifest<T>) => Promise<{ object: Live<T>; outcome: Outcome }>;
  /** Deletes the owner's children that this pass has not applied. Call it only after a complete pass. */
  prune: (options?: { keep?: (child: Live) => boolean }) => Promise<Live[]>;
}

export interface Children {
  pass: (owner: { uid: string; signal?: AbortSignal }) => ChildrenPass;
}

/** Owned objects: applied server-side, watched for drift, and pruned when no longer desired. */
export function createChildren(options: ChildrenOptions): Children {
  const kinds = new Map(options.kinds.map((kind) => [kindKey(kind.resource), kind]));
  const applier = createApplier(options);

  return {
    pass: ({ uid, signal }) => {
      const applied = new Set<string>();
      return {
        apply: async <T extends object>(manifest: Manifest<T>) => {
          const kind = kinds.get(kindKey(manifest));
          if (!kind) throw new Error(`${kindKey(manifest)} is not among the kinds of children`);
          applied.add(idOf(manifest));
          const { object, outcome } = await applier(kind, manifest, signal);
          return { object: object as Live<T>, outcome };
        },
        prune: ({ keep = () => false } = {}) => {
          const unwanted = options.kinds.flatMap((kind) =>
            (kind.store?.ownedBy(uid) ?? [])
              .filter((child) => !applied.has(idOf(child)) && !child.metadata.deletionTimestamp && !keep(child))
              .map((child) => ({ resource: kind.resource, child })),
          );
          return deleteAll(options, unwanted, signal);
        },
      };
    },
  };
}

const idOf = (object: Manifest | Live): string => `${kindKey(object)} ${keyText(object.metadata)}`;

async function deleteAll(
  { client, log }: ChildrenOptions,
  unwanted: { resource: Resource; child: Live }[],
  signal: AbortSignal | undefined,
): Promise<Live[]> {
  for (const { resource, child } of unwanted) {
    log.info({ kind: child.kind, key: keyText(child.metadata) }, 'deleting an object that is no longer desired');
    await client.delete(resource, child.metadata, { uid: child.metadata.uid, signal }).catch((error: unknown) => {
      // The uid differs: a namesake has taken its place, and the next pass sees it.
      if (!isConflict(error)) throw error;
    });
  }
  return unwanted.map(({ child }) => child);
}

const mostTolerated = 10_000;

function createApplier(options: ChildrenOptions) {
  const { client, hashAnnotation, fieldManager, scaleManager, log } = options;
  /** By uid: the differences that remained after an apply, because the server or a webhook insists on them. */
  const tolerated = new Map<string, string>();

  const write = async (
    kind: ChildKind,
    desired: Manifest,
    { action, live, signal }: { action: Verdict['action']; live: Live | undefined; signal: AbortSignal | undefined },
  ) => {
    if (action === 'take over') await takeFields(kind, desired, signal);
    if (live && hasReplicas(live) && leavesReplicas(desired)) await leaveReplicas(kind, desired, signal);
    const answer = await client.apply(kind.resource, desired, { fieldManager, signal });
    const object = reduceManagedFields(answer, options);
    remember(desired, object);
    kind.store?.written(object);
    return object;
  };

  const takeFields = async ({ resource }: ChildKind, desired: Manifest, signal: AbortSignal | undefined) => {
    const live = await client.find(resource, desired.metadata, { signal });
    const patch = live && takeOver(live, options, { leavesReplicas: leavesReplicas(desired) });
    if (patch) await client.patchJson(resource, desired.metadata, patch, { fieldManager, signal });
  };

  const leaveReplicas = async ({ resource }: ChildKind, desired: Manifest, signal: AbortSignal | undefined) => {
    const live = await client.find(resource, desired.metadata, { signal });
    const patch = live && handOverReplicas(live, options, scaleManager);
    if (patch) await client.patchJson(resource, desired.metadata, patch, { fieldManager, signal });
  };

  const remember = (desired: Manifest, object: Live) => {
    const remaining = differences(desired, object);
    if (remaining.length === 0) {
      tolerated.delete(object.metadata.uid);
      return;
    }
    // Objects that are gone are forgotten when it fills; one that is not costs a write.
    if (tolerated.size >= mostTolerated) tolerated.clear();
    tolerated.set(object.metadata.uid, fingerprint(remaining));
    const paths = remaining.map(({ path }) => path);
    log.warn(
      { kind: object.kind, key: keyText(object.metadata), paths },
      'the server keeps other values than were applied',
    );
  };

  const find = async ({ resource }: ChildKind, key: ObjectKey, signal: AbortSignal | undefined) => {
    const live = await client.find(resource, key, { signal });
    return live && reduceManagedFields(live, options);
  };

  return async (
    kind: ChildKind,
    manifest: Manifest,
    signal: AbortSignal | undefined,
  ): Promise<{ object: Live; outcome: Outcome }> => {
    const desired = prepare(manifest, hashAnnotation);
    // A store has only what carries our labels: before something is made, the server says whether the name is taken.
    const live = kind.store?.get(desired.metadata) ?? (await find(kind, desired.metadata, signal));
    const problem = live && ownershipProblem(desired, live);
    if (problem) throw new ForeignObjectError(problem);
    const verdict = judgeDrift(desired, live, {
      hashAnnotation,
      tolerated: tolerated.get(live?.metadata.uid ?? '') ?? '',
    });
    if (live && verdict.action === 'none') return { object: live, outcome: 'unchanged' };
    log.info({ kind: desired.kind, key: keyText(desired.metadata), ...reasonOf(verdict) }, 'applying');
    const object = await write(kind, desired, { action: verdict.action, live, signal });
    return { object, outcome: live ? 'updated' : 'created' };
  };
}

const hasReplicas = (live: Live): boolean => (live as { spec?: { replicas?: number } }).spec?.replicas !== undefined;

const reasonOf = (verdict: Verdict): { reason?: string } =>
  verdict.action === 'none' ? {} : { reason: verdict.reason };
