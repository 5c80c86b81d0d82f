import assert from 'node:assert/strict';
import { minus, union, withoutPaths } from './fields-tree.ts';

const item = { '.': {}, 'f:name': {}, 'f:value': {} };

describe('trees of fields', () => {
  it('are joined field by field', () => {
    const a = { 'f:spec': { 'f:replicas': {}, 'f:template': { 'f:a': {} } } };
    const b = { 'f:spec': { 'f:template': { 'f:b': {} } }, 'f:data': { 'f:x': {} } };
    assert.deepEqual(union(a, b), {
      'f:spec': { 'f:replicas': {}, 'f:template': { 'f:a': {}, 'f:b': {} } },
      'f:data': { 'f:x': {} },
    });
  });

  it('keep, when joined, that a node itself is in one and its children in the other', () => {
    assert.deepEqual(union({ 'f:emptyDir': {} }, { 'f:emptyDir': { 'f:sizeLimit': {} } }), {
      'f:emptyDir': { '.': {}, 'f:sizeLimit': {} },
    });
  });

  it('lose what is in another one, and parents that are then empty', () => {
    const a = { 'f:spec': { 'f:env': { 'k:{"name":"A"}': item, 'k:{"name":"B"}': item } }, 'f:data': { 'f:x': {} } };
    const b = { 'f:spec': { 'f:env': { 'k:{"name":"A"}': item } }, 'f:data': { 'f:x': {} } };
    assert.deepEqual(minus(a, b), { 'f:spec': { 'f:env': { 'k:{"name":"B"}': item } } });
    assert.deepEqual(minus(a, a), {});
  });

  it('keep the children of a node that is itself taken, and a node of which only children are', () => {
    assert.deepEqual(minus({ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': {} }), { 'f:a': { 'f:b': {} } });
    assert.deepEqual(minus({ 'f:a': {} }, { 'f:a': { 'f:b': {} } }), { 'f:a': {} });
    assert.deepEqual(minus({ 'f:a': {} }, { 'f:a': { '.': {}, 'f:b': {} } }), {});
  });

  it('lose paths, and the maps that were made only for them', () => {
    const tree = { 'f:spec': { 'f:annotations': { '.': {}, 'f:mine': {} }, 'f:replicas': {} } };
    assert.deepEqual(withoutPaths(tree, [['f:spec', 'f:annotations', 'f:mine']]), { 'f:spec': { 'f:replicas': {} } });
    assert.deepEqual(withoutPaths(tree, [['f:spec']]), {});
    assert.deepEqual(withoutPaths(tree, [['f:other']]), tree);
  });
});
