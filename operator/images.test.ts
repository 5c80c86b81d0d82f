import assert from 'node:assert/strict';
import { imageFor, versionOf } from './images.ts';
import { buildPlatform } from './testing/build-platform.ts';

describe('the image of a component', () => {
  const related = {
    services: '127.0.0.1:5050/tiktok-lite/services:abc',
    mysql: '127.0.0.1:5050/tiktok-lite/mysql:def',
  };
  const defaults = { related, version: '1.2.3' };

  for (const [images, name, expected] of [
    [{}, 'services', '127.0.0.1:5050/tiktok-lite/services:abc'],
    [{}, 'gateway', 'tiktok-lite/gateway:1.2.3'],
    [{}, 'redis', 'redis:7.2'],
    [{ tag: 'v2' }, 'services', '127.0.0.1:5050/tiktok-lite/services:v2'],
    [{ tag: 'v2' }, 'mysql', '127.0.0.1:5050/tiktok-lite/mysql:def'],
    [{ registry: 'r.example.org/mirror' }, 'services', 'r.example.org/mirror/tiktok-lite/services:abc'],
    [{ registry: 'r.example.org/mirror' }, 'kafka', 'r.example.org/mirror/apache/kafka:4.1.1'],
    [{ registry: 'localhost:5000', tag: 'v2' }, 'gateway', 'localhost:5000/tiktok-lite/gateway:v2'],
  ] as const) {
    it(`${name} with ${JSON.stringify(images)} is ${expected}`, () => {
      assert.equal(imageFor(name, buildPlatform({ images }), defaults), expected);
    });
  }

  it('is pinned by the digest that the object names, whatever the tag', () => {
    const digest = `sha256:${'1'.repeat(64)}`;
    const platform = buildPlatform({ images: { tag: 'v2', digests: { services: digest } } });
    assert.equal(imageFor('services', platform, defaults), `127.0.0.1:5050/tiktok-lite/services@${digest}`);
    assert.equal(imageFor('gateway', platform, defaults), 'tiktok-lite/gateway:v2');
  });

  it('keeps the digest of a reference unless the object names a tag', () => {
    const pinned = { related: { services: `r.example.org/a/services:1@sha256:${'0'.repeat(64)}` }, version: '1.2.3' };
    assert.equal(imageFor('services', buildPlatform(), pinned), pinned.related.services);
    assert.equal(imageFor('services', buildPlatform({ images: { tag: 'v2' } }), pinned), 'r.example.org/a/services:v2');
  });

  it('is told by its tag, or by the start of its digest', () => {
    assert.equal(versionOf('127.0.0.1:5050/tiktok-lite/services:abc'), 'abc');
    assert.equal(versionOf('mariadb'), 'latest');
    assert.equal(
      versionOf(`r.example.org/a/services:1@sha256:0123456789abcdef${'0'.repeat(48)}`),
      'sha256:0123456789ab',
    );
  });
});
