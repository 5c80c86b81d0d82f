import assert from 'node:assert/strict';
import { buildPlatform } from '../testing/build-platform.ts';
import { olderClaimant } from './claims.ts';

const external = { brokers: ['k1:9092', 'k2:9092'] };

/** A platform on shared brokers, made at an hour of the day. */
function platform(name: string, hour: number, kafka: object = { external, topicPrefix: 'clips' }) {
  const built = buildPlatform({ kafka });
  const metadata = { ...built.metadata, name, uid: `uid-of-${name}`, creationTimestamp: `2030-01-01T0${hour}:00:00Z` };
  return { ...built, metadata };
}

describe('topics that two platforms claim', () => {
  const first = platform('first', 1);
  const second = platform('second', 2);
  const third = platform('third', 3);
  const nameOf = (of: typeof first, all = [third, second, first]) => olderClaimant(of, all)?.metadata.name;

  it('belong to the one that was there first, whoever is asked', () => {
    assert.deepEqual([nameOf(first), nameOf(second), nameOf(third)], [undefined, 'first', 'first']);
    assert.equal(nameOf(third, [third, second]), 'second', 'once the first has gone');
  });

  it('belong to one of two that were made in the same second', () => {
    const [a, b] = [platform('a', 1), platform('b', 1)];
    assert.deepEqual([nameOf(a, [a, b]), nameOf(b, [a, b])], [undefined, 'a']);
  });

  it('are claimed by one broker in common, and by none otherwise', () => {
    const overlapping = platform('overlapping', 4, {
      external: { brokers: ['k2:9092', 'k3:9092'] },
      topicPrefix: 'clips',
    });
    assert.equal(nameOf(overlapping), 'first');
    assert.equal(
      nameOf(platform('elsewhere', 4, { external: { brokers: ['k3:9092'] }, topicPrefix: 'clips' })),
      undefined,
    );
    assert.equal(nameOf(platform('apart', 4, { external, topicPrefix: 'shorts' })), undefined);
    assert.equal(nameOf(platform('own', 4, { embedded: {}, topicPrefix: 'clips' })), undefined);
  });
});
