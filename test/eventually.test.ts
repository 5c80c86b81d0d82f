import assert from 'node:assert/strict';
import { eventually, eventuallyHolds } from './eventually.ts';

describe('waiting for a state', () => {
  it('ends with what is read at last, whatever was thrown before', async () => {
    let reads = 0;
    const read = () => {
      reads += 1;
      if (reads < 3) throw new Error('not yet');
      return reads > 3 && { reads };
    };
    assert.deepEqual(await eventually('four reads', read), { reads: 4 });
  });

  it('says in the end what was waited for, and what was seen', async () => {
    await assert.rejects(
      eventually('a miracle', () => 0, 0.02),
      /waited 0.02 s for this: a miracle; last seen: 0/,
    );
    const refuse = () => Promise.reject(new Error('refused'));
    await assert.rejects(eventually('a miracle', refuse, 0.02), /a miracle; last seen: refused/);
  });

  it('fails with the last error of a check', async () => {
    await assert.rejects(
      eventuallyHolds(() => assert.equal(1, 2), 0.02),
      assert.AssertionError,
    );
    assert.equal(await eventuallyHolds(() => undefined), undefined);
  });
});
