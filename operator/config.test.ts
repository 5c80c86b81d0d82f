import assert from 'node:assert/strict';
import { readOperatorConfig } from './config.ts';

describe('the operator’s environment', () => {
  it('may be empty', () => {
    const config = readOperatorConfig({}, 'a-host');
    assert.deepEqual(
      [config.identity, config.operatorClass, config.watchNamespaces, config.nodeAddress, config.logLevel],
      ['a-host', '', [], '127.0.0.1', 'info'],
    );
    assert.match(config.images.version, /^\d+\.\d+\.\d+/);
  });

  it('names images of platforms', () => {
    const { images } = readOperatorConfig({ RELATED_IMAGE_OBJECT_STORE: 'r.example.org/store:1' }, 'a-host');
    assert.deepEqual(images.related, { objectStore: 'r.example.org/store:1' });
  });

  it('is refused with every mistake named', () => {
    const env = { LOG_LEVEL: 'loud', HEALTH_PORT: 'x', OPERATOR_CLASS: '-', WATCH_NAMESPACES: 'shop,No' };
    assert.throws(() => readOperatorConfig(env, 'a-host'), /LOG_LEVEL.*HEALTH_PORT.*OPERATOR_CLASS.*WATCH_NAMESPACES/);
  });
});
