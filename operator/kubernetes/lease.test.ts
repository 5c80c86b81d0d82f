import assert from 'node:assert/strict';
import { microTime } from './clock.ts';
import { freeAtMs, heldSpec, isSameHold, releasedSpec } from './lease.ts';

const date = new Date('2030-01-02T03:04:05.678Z');
const later = new Date('2030-01-02T03:04:07.678Z');
const candidate = { identity: 'me', durationSeconds: 15 };

describe('lease', () => {
  it('has times with six digits', () => {
    assert.equal(microTime(date), '2030-01-02T03:04:05.678000Z');
  });

  it('is taken from nobody, renewed, and taken from another with one more transition', () => {
    const first = heldSpec(candidate, undefined, date);
    assert.deepEqual(first, {
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: microTime(date),
      renewTime: microTime(date),
      leaseTransitions: 0,
    });
    const renewed = heldSpec(candidate, first, later);
    assert.deepEqual(renewed, { ...first, renewTime: microTime(later) });
    const taken = heldSpec({ ...candidate, identity: 'you' }, renewed, later);
    assert.deepEqual([taken.holderIdentity, taken.acquireTime, taken.leaseTransitions], ['you', microTime(later), 1]);
  });

  it('is free at once when it was released or is our own, else a whole lease after it was seen to change', () => {
    const spec = heldSpec(candidate, undefined, date);
    assert.equal(freeAtMs({ spec, atMs: 1_000 }, 'me'), 0);
    assert.equal(freeAtMs({ spec, atMs: 1_000 }, 'you'), 16_000);
    assert.equal(freeAtMs({ spec: releasedSpec(spec, later), atMs: 1_000 }, 'you'), 0);
  });

  it('shows by its renewal that the holder is alive', () => {
    const spec = heldSpec(candidate, undefined, date);
    assert.ok(isSameHold(spec, { ...spec }));
    assert.ok(!isSameHold(spec, heldSpec(candidate, spec, later)));
  });
});
