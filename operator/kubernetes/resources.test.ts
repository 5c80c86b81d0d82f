import assert from 'node:assert/strict';
import { keyText, parseKey } from './objects.ts';
import { isNewer } from './resource-version.ts';
import { apiVersionOf, kindKey, pathOf, resources } from './resources.ts';

describe('resources', () => {
  it('have paths for collections, objects and subresources', () => {
    assert.equal(pathOf(resources.configMaps), '/api/v1/configmaps');
    assert.equal(pathOf(resources.configMaps, { namespace: 'shop' }), '/api/v1/namespaces/shop/configmaps');
    assert.equal(
      pathOf(resources.deployments, { namespace: 'shop', name: 'web' }, 'status'),
      '/apis/apps/v1/namespaces/shop/deployments/web/status',
    );
    assert.equal(pathOf(resources.namespaces, { name: 'shop' }), '/api/v1/namespaces/shop');
    assert.equal(pathOf(resources.roles, { namespace: 'n', name: 'system:a/b' }).split('/').at(-1), 'system%3Aa%2Fb');
  });

  it('are not addressed by half', () => {
    assert.throws(() => pathOf(resources.configMaps, { name: 'a' }), /needs a namespace/);
    assert.throws(() => pathOf(resources.configMaps, { namespace: 'shop', name: '' }), /needs a name/);
    assert.throws(() => pathOf(resources.namespaces, { namespace: 'shop', name: 'a' }), /needs no namespace/);
  });

  it('are recognised by the objects that they hold', () => {
    assert.equal(apiVersionOf(resources.pods), 'v1');
    assert.equal(kindKey(resources.deployments), kindKey({ apiVersion: 'apps/v1', kind: 'Deployment' }));
  });
});

describe('keys', () => {
  it('are read back from their text', () => {
    for (const key of [{ namespace: 'shop', name: 'web' }, { name: 'node' }])
      assert.deepEqual(parseKey(keyText(key)), key);
  });
});

describe('resource versions', () => {
  it('are newer when their number is greater, however long', () => {
    assert.ok(isNewer('10', '9'));
    assert.ok(isNewer('9007199254740993', '9007199254740992'));
    assert.ok(!isNewer('9', '9'));
    assert.ok(!isNewer('9', '10'));
  });

  it('are newer when they come later and are no numbers', () => {
    assert.ok(isNewer('b', 'a'));
    assert.ok(isNewer('a', 'b'));
    assert.ok(!isNewer('a', 'a'));
  });
});
