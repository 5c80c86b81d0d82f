import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '../shared/errors.ts';
import { createGate } from './gate.ts';

describe('gate', () => {
  it('runs as much as it has places for, and everything in the end', async () => {
    const gate = createGate({ places: 2, maxWaiting: 10 });
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(2);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => gate.pass(work)));
    assert.deepEqual([most, running], [2, 0]);
  });

  it('refuses at once what would wait too long', async () => {
    const gate = createGate({ places: 1, maxWaiting: 1 });
    const first = gate.pass(() => pause(20));
    const second = gate.pass(() => pause(0));
    await assert.rejects(
      gate.pass(async () => undefined),
      (error: unknown) => error instanceof ApiError && error.code === 'unavailable' && error.retryAfterSeconds === 1,
    );
    await Promise.all([first, second]);
    assert.equal(await gate.pass(async () => 'free again'), 'free again');
  });

  it('gives the place of a failure to the next', async () => {
    const gate = createGate({ places: 1, maxWaiting: 5 });
    const failing = gate.pass(() => Promise.reject(new Error('no')));
    const next = gate.pass(async () => 'yes');
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
  });
});
