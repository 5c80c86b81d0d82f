import assert from 'node:assert/strict';
import { createRevocations, type Session } from './revocations.ts';

const session = (fields: Partial<Session> = {}): Session => ({
  ...{ userId: 7, tokenId: 'a', generation: 3, expiresMs: 1_000 },
  ...fields,
});

describe('revocations', () => {
  it('cover the session that they name and no other', () => {
    const revocations = createRevocations();
    assert.equal(revocations.covers(session()), false);
    revocations.add([session()]);
    assert.equal(revocations.covers(session()), true);
    assert.equal(revocations.covers(session({ tokenId: 'b' })), false);
  });

  it('of a generation cover every older session of that user, in whatever order they arrive', () => {
    const revocations = createRevocations();
    const upTo = (generation: number) => session({ tokenId: '', generation });
    revocations.add([upTo(5), upTo(4)]);
    assert.equal(revocations.covers(session({ generation: 4 })), true);
    assert.equal(revocations.covers(session({ generation: 5 })), false);
    assert.equal(revocations.covers(session({ generation: 0, userId: 8 })), false);
  });

  it('are forgotten once every token that they concern has expired', () => {
    let nowMs = 0;
    const revocations = createRevocations(() => nowMs);
    revocations.add([session(), session({ tokenId: 'b', expiresMs: 2_000 }), session({ tokenId: '', generation: 1 })]);
    nowMs = 1_500;
    revocations.forgetExpired();
    const covered = [session(), session({ tokenId: 'b' }), session({ tokenId: 'c', generation: 0 })];
    assert.deepEqual(covered.map(revocations.covers), [false, true, false]);
  });
});
