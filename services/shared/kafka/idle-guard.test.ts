import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { guardIdleConnections } from './idle-guard.ts';

guardIdleConnections();
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');

const silent = { debug: () => undefined, warn: () => undefined };
const newQueue = (options = {}) =>
  new RequestQueue({
    requestTimeout: 50,
    enforceRequestTimeout: true,
    clientId: 'c',
    broker: 'b',
    logger: silent,
    ...options,
  });
const request = (correlationId: number, onTimeout = () => undefined) => ({
  entry: { correlationId, apiName: 'Fetch', apiKey: 1, apiVersion: 1, resolve: () => undefined, reject: onTimeout },
  expectResponse: true,
  sendRequest: () => undefined,
});

describe('a request queue of kafkajs under the idle guard', () => {
  it('plans nothing while no request waits', () => {
    const queue = newQueue();
    queue.push(request(1));
    queue.fulfillRequest({ correlationId: 1, payload: {}, size: 0 });
    assert.equal(queue.throttleCheckTimeoutId, null);
  });

  it('still sends what waited for a free place', async () => {
    const queue = newQueue({ maxInFlightRequests: 1 });
    let sent = 0;
    queue.push(request(1));
    queue.push({ ...request(2), sendRequest: () => (sent += 1) });
    assert.equal(sent, 0);
    queue.fulfillRequest({ correlationId: 1, payload: {}, size: 0 });
    assert.equal(sent, 1);
    queue.destroy();
  });

  it('still waits out a throttling by the broker', async () => {
    const queue = newQueue();
    let sent = 0;
    queue.maybeThrottle(60);
    queue.push({ ...request(1), sendRequest: () => (sent += 1) });
    await pause(20);
    assert.equal(sent, 0);
    await pause(80);
    assert.equal(sent, 1);
    queue.destroy();
  });

  it('still ends a request that is not answered', async () => {
    const queue = newQueue();
    queue.scheduleRequestTimeoutCheck();
    const reason = await new Promise<Error>((resolve) => {
      queue.push(request(1, (error?: Error) => void (error && resolve(error))));
    });
    assert.match(reason.message, /timed out/);
    queue.destroy();
  });
});
