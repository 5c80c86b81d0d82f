import assert from 'node:assert/strict';
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Live } from './objects.ts';
import { type Change, createStore, type Store } from './store.ts';
import { buildConfigMap } from './testing/objects.ts';

describe('store', () => {
  let store: Store<V1ConfigMap>;
  let changes: Change<V1ConfigMap>[];
  let errors: unknown[];

  beforeEach(() => {
    [changes, errors] = [[], []];
    store = createStore<V1ConfigMap>({
      indexes: { team: ({ metadata }) => (metadata.labels?.team ? [metadata.labels.team] : []) },
      onHandlerError: (error) => errors.push(error),
    });
    store.subscribe((change) => changes.push(change));
  });

  const names = (objects: Live[]) => objects.map(({ metadata }) => metadata.name).sort();
  const told = () =>
    changes.splice(0).map(({ object, previous, initial }) => {
      const what = object ? (previous ? 'changed' : 'added') : 'deleted';
      return `${what} ${(object ?? previous)?.metadata.name}${initial ? ' initially' : ''}`;
    });

  it('is synced by the first list, also when that is empty', () => {
    assert.equal(store.hasSynced(), false);
    store.replace([], '1');
    assert.equal(store.hasSynced(), true);
  });

  it('tells what has changed, and nothing when an object comes again as it was', () => {
    store.replace([buildConfigMap('a', 1), buildConfigMap('b', 2)], '5');
    assert.deepEqual(told(), ['added a initially', 'added b initially']);
    store.put(buildConfigMap('a', 6));
    store.put(buildConfigMap('a', 6));
    store.put(buildConfigMap('c', 7));
    store.remove(buildConfigMap('b', 8));
    store.remove(buildConfigMap('b', 8));
    assert.deepEqual(told(), ['changed a', 'added c', 'deleted b']);
    store.replace([buildConfigMap('a', 6), buildConfigMap('d', 9)], '10');
    assert.deepEqual(told(), ['deleted c', 'added d']);
  });

  it('is complete when it tells of a list', () => {
    let seen: string[] = [];
    store.subscribe(() => {
      seen = names(store.list());
    });
    store.replace([buildConfigMap('a', 1), buildConfigMap('b', 2)], '5');
    assert.deepEqual(seen, ['a', 'b']);
  });

  it('finds objects by key, by owner and by its own indexes, and forgets old values', () => {
    const owned = (name: string, version: number, uid: string, team: string) =>
      buildConfigMap(name, version, {
        ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid }],
        labels: { team },
      });
    store.replace([owned('a', 1, 'one', 'red'), owned('b', 2, 'one', 'blue')], '5');
    assert.equal(store.get({ namespace: 'shop', name: 'a' })?.metadata.name, 'a');
    assert.equal(store.get({ namespace: 'other', name: 'a' }), undefined);
    assert.deepEqual(names(store.ownedBy('one')), ['a', 'b']);
    store.put(owned('a', 6, 'two', 'blue'));
    store.remove(owned('b', 7, 'one', 'blue'));
    assert.deepEqual([names(store.ownedBy('one')), names(store.ownedBy('two'))], [[], ['a']]);
    assert.deepEqual([names(store.byIndex('team', 'red')), names(store.byIndex('team', 'blue'))], [[], ['a']]);
    assert.throws(() => store.byIndex('size', 'big'), /no index size/);
  });

  it('goes on when a handler throws', () => {
    store.subscribe(() => {
      throw new Error('a bug');
    });
    store.replace([buildConfigMap('a', 1)], '5');
    store.put(buildConfigMap('a', 6));
    assert.equal(errors.length, 2);
    assert.equal(store.get({ namespace: 'shop', name: 'a' })?.metadata.resourceVersion, '6');
  });

  it('stops telling those who no longer want to hear', () => {
    let heard = 0;
    const unsubscribe = store.subscribe(() => {
      heard += 1;
    });
    store.replace([buildConfigMap('a', 1)], '5');
    unsubscribe();
    store.put(buildConfigMap('a', 6));
    assert.equal(heard, 1);
  });

  describe('own writes', () => {
    const versionOf = (name: string) => store.get({ namespace: 'shop', name })?.metadata.resourceVersion;

    beforeEach(() => store.replace([buildConfigMap('a', 1)], '5'));

    it('are seen before the watch tells of them, and are not undone by what it tells of before', () => {
      store.written(buildConfigMap('a', 9));
      assert.equal(versionOf('a'), '9');
      store.put(buildConfigMap('a', 7));
      assert.equal(versionOf('a'), '9');
      store.put(buildConfigMap('a', 9));
      store.put(buildConfigMap('a', 10));
      assert.equal(versionOf('a'), '10');
    });

    it('bring nothing back that the watch has seen deleted since', () => {
      store.put(buildConfigMap('b', 6));
      store.remove(buildConfigMap('b', 8));
      store.written(buildConfigMap('b', 7));
      assert.equal(versionOf('b'), undefined);
    });

    it('survive a list from before, and not a list from after', () => {
      store.written(buildConfigMap('b', 9));
      store.replace([buildConfigMap('a', 1)], '8');
      assert.equal(versionOf('b'), '9');
      store.replace([buildConfigMap('a', 1)], '12');
      assert.equal(versionOf('b'), undefined);
    });

    it('do not outlive a deletion that came after them', () => {
      store.written(buildConfigMap('b', 9));
      store.remove(buildConfigMap('b', 7));
      assert.equal(versionOf('b'), '9');
      store.remove(buildConfigMap('b', 11));
      assert.equal(versionOf('b'), undefined);
    });
  });

  it('believes a list whose versions are lower, as after a restore of the database', () => {
    store.replace([buildConfigMap('a', 100), buildConfigMap('b', 101)], '200');
    store.put(buildConfigMap('c', 201));
    store.replace([buildConfigMap('a', 50, { data: { restored: 'yes' } })], '60');
    assert.deepEqual(names(store.list()), ['a']);
    assert.deepEqual(store.get({ namespace: 'shop', name: 'a' })?.data, { restored: 'yes' });
  });
});
