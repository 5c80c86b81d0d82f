import { keyText, type Live, type ObjectKey } from './objects.ts';
import { isNewer } from './resource-version.ts';

/** A change of one object in a store. Handlers must only note what needs work: the object may be outdated already. */
export interface Change<T extends object = object> {
  /** Absent after a deletion. */
  object?: Live<T>;
  /** Absent after an addition. */
  previous?: Live<T>;
  /** From the first list after a start: nobody has just changed it, so nobody is waiting. */
  initial: boolean;
}

export type ChangeHandler<T extends object = object> = (change: Change<T>) => void;

/** Names of index values under which an object is found. */
export type IndexValues<T extends object> = (object: Live<T>) => readonly string[];

/** What readers see of the objects of one resource. The objects are shared: do not change them. */
export interface StoreReader<T extends object = object> {
  get: (key: ObjectKey) => Live<T> | undefined;
  list: () => Live<T>[];
  size: () => number;
  /** Objects with an owner reference to this uid. */
  ownedBy: (ownerUid: string) => Live<T>[];
  /** Objects with this value in one of the indexes that the store was made with. */
  byIndex: (index: string, value: string) => Live<T>[];
  /** True once the first list has arrived. */
  hasSynced: () => boolean;
  /** Calls on each change from now on; the returned function ends it. */
  subscribe: (handler: ChangeHandler<T>) => () => void;
}

/** A store together with what fills it. */
export interface Store<T extends object = object> extends StoreReader<T> {
  /** A whole list: what is not in it is gone. */
  replace: (items: Live<T>[], resourceVersion: string) => void;
  /** An addition or change that the watch told. */
  put: (object: Live<T>) => void;
  /** A deletion that the watch told. */
  remove: (object: Live<T>) => void;
  /** How far the watch has got without a change. */
  reached: (resourceVersion: string) => void;
  /**
   * An own write's answer, so that the next pass does not repeat the write because the watch lags behind.
   * Ignored when the watch is already further: it may know of a deletion since. The object must belong in the store.
   */
  written: (object: Live<T>) => void;
}

interface StoreOptions<T extends object> {
  indexes?: Record<string, IndexValues<T>>;
  /** What to do with an error that a handler throws. */
  onHandlerError: (error: unknown) => void;
}

const ownerIndex = 'owner uid';
const ownerUids = ({ metadata }: Live): string[] => metadata.ownerReferences?.map(({ uid }) => uid) ?? [];

export function createStore<T extends object>({ indexes = {}, onHandlerError }: StoreOptions<T>): Store<T> {
  const objects = new Map<string, Live<T>>();
  const index = createIndex<T>({ ...indexes, [ownerIndex]: ownerUids });
  const handlers = new Set<ChangeHandler<T>>();
  let reachedVersion: string | undefined;

  const tell = (change: Change<T>) => {
    for (const handler of handlers) {
      try {
        handler(change);
      } catch (error) {
        onHandlerError(error);
      }
    }
  };

  /** Own writes that the watch has not told of yet: for these, what it tells may be the older state. */
  const unconfirmed = new Set<string>();
  const isOutdated = (key: string, version: Live<T> | string): boolean => {
    const known = unconfirmed.has(key) ? objects.get(key) : undefined;
    if (known && isNewer(known, version)) return true;
    unconfirmed.delete(key);
    return false;
  };

  const set = (object: Live<T>, initial = false): Change<T>[] => {
    const key = keyText(object.metadata);
    const previous = objects.get(key);
    if (previous) index.remove(key, previous);
    objects.set(key, object);
    index.add(key, object);
    if (!previous) return [{ object, initial }];
    return isSameState(object, previous) ? [] : [{ object, previous, initial }];
  };

  const unset = (key: string): Change<T>[] => {
    const previous = objects.get(key);
    if (!previous) return [];
    objects.delete(key);
    index.remove(key, previous);
    return [{ previous, initial: false }];
  };

  const reached = (resourceVersion: string) => {
    reachedVersion = resourceVersion;
  };

  const found = (keys: Iterable<string>): Live<T>[] =>
    [...keys].flatMap((key) => {
      const object = objects.get(key);
      return object ? [object] : [];
    });

  return {
    get: (key) => objects.get(keyText(key)),
    list: () => [...objects.values()],
    size: () => objects.size,
    ownedBy: (uid) => found(index.keys(ownerIndex, uid)),
    byIndex: (name, value) => found(index.keys(name, value)),
    hasSynced: () => reachedVersion !== undefined,
    subscribe: (handler) => {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    replace: (items, resourceVersion) => {
      const initial = reachedVersion === undefined;
      const listed = new Set(items.map(({ metadata }) => keyText(metadata)));
      const gone = [...objects.keys()].filter((key) => !listed.has(key) && !isOutdated(key, resourceVersion));
      const changes = gone.flatMap(unset);
      for (const item of items) {
        if (!isOutdated(keyText(item.metadata), item)) changes.push(...set(item, initial));
      }
      reached(resourceVersion);
      // Handlers run last: what they see is complete.
      changes.forEach(tell);
    },
    put: (object) => {
      reached(object.metadata.resourceVersion);
      if (!isOutdated(keyText(object.metadata), object)) set(object).forEach(tell);
    },
    remove: (object) => {
      reached(object.metadata.resourceVersion);
      const key = keyText(object.metadata);
      if (!isOutdated(key, object)) unset(key).forEach(tell);
    },
    reached,
    written: (object) => {
      if (reachedVersion === undefined || !isNewer(object, reachedVersion)) return;
      unconfirmed.add(keyText(object.metadata));
      set(object).forEach(tell);
    },
  };
}

const isSameState = (a: Live, b: Live): boolean =>
  a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion === b.metadata.resourceVersion;

/** Which keys have a value, for each named index; empty sets are not kept. */
function createIndex<T extends object>(definitions: Record<string, IndexValues<T>>) {
  const byName = new Map(Object.keys(definitions).map((name) => [name, new Map<string, Set<string>>()]));

  const each = (object: Live<T>, visit: (keysByValue: Map<string, Set<string>>, value: string) => void) => {
    for (const [name, valuesOf] of Object.entries(definitions)) {
      const keysByValue = byName.get(name);
      if (keysByValue) for (const value of valuesOf(object)) visit(keysByValue, value);
    }
  };

  return {
    add: (key: string, object: Live<T>) =>
      each(object, (keysByValue, value) => {
        const keys = keysByValue.get(value);
        if (keys) keys.add(key);
        else keysByValue.set(value, new Set([key]));
      }),
    remove: (key: string, object: Live<T>) =>
      each(object, (keysByValue, value) => {
        const keys = keysByValue.get(value);
        keys?.delete(key);
        if (keys?.size === 0) keysByValue.delete(value);
      }),
    keys: (name: string, value: string): Iterable<string> => {
      const keysByValue = byName.get(name);
      if (!keysByValue) throw new Error(`the store has no index ${name}`);
      return keysByValue.get(value) ?? [];
    },
  };
}
