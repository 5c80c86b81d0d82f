import assert from 'node:assert/strict';
import { backoffMs, keyBackoff, watchBackoff } from './backoff.ts';
import { ConnectionError, KubernetesError } from './errors.ts';
import { retryAfterSeconds, retryDelayMs } from './retry.ts';

const answer = (code: number, seconds?: number) =>
  new KubernetesError('GET /x', { code }, seconds === undefined ? {} : { retryAfterSeconds: seconds });
const broken = (code: string) => new ConnectionError('GET /x', Object.assign(new Error(code), { code }));
const isRetried = (error: unknown, repeatable: boolean) =>
  retryDelayMs(error, { repeatable, failures: 1 }, 0) !== undefined;

describe('a failed call', () => {
  it('is repeated when that is safe and may help', () => {
    for (const error of [answer(429), answer(502), answer(503), answer(504), answer(500, 1), broken('ECONNRESET')])
      assert.ok(isRetried(error, true), error.message);
  });

  it('is not repeated when it would fail again', () => {
    for (const error of [
      answer(400),
      answer(403),
      answer(404),
      answer(409),
      answer(410),
      answer(422),
      answer(500),
      new Error('a bug'),
    ])
      assert.ok(!isRetried(error, true), error.message);
  });

  it('is repeated, when it must not be done twice, only if it was surely not done', () => {
    for (const error of [answer(429), broken('ECONNREFUSED'), broken('ENOTFOUND')])
      assert.ok(isRetried(error, false), error.message);
    for (const error of [answer(503), answer(500, 1), broken('ECONNRESET')])
      assert.ok(!isRetried(error, false), error.message);
  });

  it('waits longer each time, and at least as long as the server asks', () => {
    const delay = (error: unknown, failures: number) => retryDelayMs(error, { repeatable: true, failures }, 0);
    assert.deepEqual(
      [1, 2, 3, 9].map((failures) => delay(answer(503), failures)),
      [100, 200, 400, 5_000],
    );
    assert.equal(delay(answer(503, 3), 1), 3_000);
    assert.equal(delay(answer(503), 10), undefined);
  });

  it('knows the seconds of a Retry-After header', () => {
    assert.deepEqual(
      [retryAfterSeconds('7'), retryAfterSeconds(undefined), retryAfterSeconds('soon')],
      [7, undefined, undefined],
    );
  });
});

describe('backoff', () => {
  it('grows from the first to the longest delay, with jitter on top', () => {
    assert.deepEqual(
      [1, 2, 6, 99].map((failures) => backoffMs(watchBackoff, failures, 0)),
      [800, 1_600, 25_600, 30_000],
    );
    assert.equal(backoffMs(watchBackoff, 1, 0.5), 1_200);
    assert.deepEqual(
      [1, 2, 18, 19].map((failures) => backoffMs(keyBackoff, failures, 0.9)),
      [5, 10, 655_360, 1_000_000],
    );
  });
});
