import assert from 'node:assert/strict';
import { buildPlatform } from '../testing/build-platform.ts';
import { cacheAddress, kafkaAddress, objectStoreAddress } from './addresses.ts';
import { bucketName, clusterIdOf } from './names.ts';

describe('names on shared servers', () => {
  it('of buckets carry no dots', () => {
    assert.equal(bucketName('shop.demo', 'originals'), 'shop-demo-originals');
  });

  it('of buckets have at most 63 characters and still tell long prefixes apart', () => {
    const [one, other] = ['a', 'b'].map((end) => bucketName(`${'n'.repeat(63)}.${'p'.repeat(34)}${end}`, 'originals'));
    assert.ok(one && other && one.length <= 63 && other.length <= 63);
    assert.notEqual(one, other);
    assert.match(one, /^[a-z0-9-]+-originals$/);
  });

  it('begin differently for each platform, whatever server it is', () => {
    const platforms = [
      buildPlatform(),
      buildPlatform({}, { name: 'demo-2' }),
      buildPlatform({}, { namespace: 'shop-2' }),
      buildPlatform({}, { namespace: 'shop', name: 'demo.likes' }),
    ];
    const prefixes = platforms.map((platform) => [
      `${cacheAddress(platform).keyPrefix}:`,
      `${kafkaAddress(platform).topicPrefix}.likes`,
      `${objectStoreAddress(platform, '').prefix}/`,
    ]);
    for (const kind of [0, 1, 2]) {
      const ofKind = prefixes.map((names) => names[kind] ?? '');
      for (const one of ofKind)
        assert.equal(ofKind.filter((other) => other === one || (kind !== 1 && other.startsWith(one))).length, 1);
    }
  });

  it('give an embedded Kafka the id that it had, as 22 characters of base64', () => {
    assert.match(clusterIdOf(buildPlatform()), /^[\w-]{22}$/);
    assert.equal(clusterIdOf(buildPlatform()), clusterIdOf(buildPlatform({}, { uid: 'another' })));
  });

  it('never give an embedded Kafka an id that its tools take for an option', () => {
    const unlucky = buildPlatform({}, { namespace: 'tkl-test-3fbec1', name: 'demo' });
    assert.equal(clusterIdOf(unlucky), 'ANWslHl87G20miRXt6JItw');
  });
});
