import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLimit } from './limit.ts';

describe('limit', () => {
  it('runs no more pieces of work at once than it was told', async () => {
    const limit = createLimit({ concurrency: 2, maxWaiting: 10 });
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => limit(work)));
    assert.deepEqual({ most, running }, { most: 2, running: 0 });
  });

  it('turns work away when too much is waiting, and takes new work afterwards', async () => {
    const limit = createLimit({ concurrency: 1, maxWaiting: 1, refusal: 'come back later' });
    const first = limit(nextTurn);
    const second = limit(nextTurn);
    await assert.rejects(limit(nextTurn), { code: 'unavailable', message: 'come back later', retryAfterSeconds: 1 });
    await Promise.all([first, second]);
    assert.equal(await limit(async () => 'done'), 'done');
  });

  it('gives its place on when work fails', async () => {
    const limit = createLimit({ concurrency: 1, maxWaiting: 1 });
    await assert.rejects(
      limit(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await limit(async () => 'done'), 'done');
  });
});
