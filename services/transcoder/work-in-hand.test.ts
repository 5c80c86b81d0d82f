import assert from 'node:assert/strict';
import { noteWorkInHand } from './work-in-hand.ts';

describe('the work in hand', () => {
  it('is told while it lasts, also when it fails', async () => {
    const slow = Promise.withResolvers<'over'>();
    const { work, inHand } = noteWorkInHand((videoId) =>
      videoId === 1 ? slow.promise : Promise.reject(new Error('no')),
    );
    assert.deepEqual(inHand(), { jobs: 0, busySeconds: 0 });
    const working = work(1);
    assert.equal(inHand().jobs, 1);
    await assert.rejects(work(2), /no/);
    assert.equal(inHand().jobs, 1);
    slow.resolve('over');
    assert.equal(await working, 'over');
    assert.deepEqual(inHand(), { jobs: 0, busySeconds: 0 });
  });
});
