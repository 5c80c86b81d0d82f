import assert from 'node:assert/strict';
import { sleep } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { DeadlineError } from './errors.ts';
import { createManualClock } from './testing/manual-clock.ts';

describe('sleep', () => {
  it('ends after its time, or as soon as it is told to', async () => {
    const clock = createManualClock();
    const stopping = new AbortController();
    const ended: string[] = [];
    void sleep(clock, 1_000).then(() => ended.push('over'));
    void sleep(clock, 60_000, stopping.signal).then(() => ended.push('woken'));
    await clock.advance(1_000);
    assert.deepEqual(ended, ['over']);
    stopping.abort();
    await clock.advance(0);
    assert.deepEqual(ended, ['over', 'woken']);
    await sleep(clock, 60_000, stopping.signal);
    assert.equal(clock.pendingTimers(), 0);
  });
});

describe('deadline', () => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('as a library words it'))),
    );

  it('gives the result, and leaves neither a timer nor a listener behind', async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    assert.equal(await withDeadline({ call: 'it', seconds: 5, clock, signal }, async () => 7), 7);
    assert.deepEqual([clock.pendingTimers(), listeners], [0, 0]);
  });

  it('ends work that takes too long, and says so in its own words', async () => {
    const clock = createManualClock();
    const call = withDeadline({ call: 'GET /x', seconds: 5, clock }, untilAborted);
    const failure = assert.rejects(
      call,
      (error) => error instanceof DeadlineError && /GET \/x did not end within 5 s/.test(error.message),
    );
    await clock.advance(5_000);
    await failure;
  });

  it("ends work when its caller stops, with the caller's reason", async () => {
    const clock = createManualClock();
    const stopping = new AbortController();
    const call = withDeadline({ call: 'it', seconds: 5, clock, signal: stopping.signal }, untilAborted);
    stopping.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    await assert.rejects(
      withDeadline({ call: 'it', seconds: 5, clock, signal: stopping.signal }, async () => 7),
      /enough/,
    );
    assert.equal(clock.pendingTimers(), 0);
  });
});
