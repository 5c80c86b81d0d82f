import assert from 'node:assert/strict';
import { Histogram, Registry } from 'prom-client';
import { createDurations } from './durations.ts';

describe('the histogram of request times', () => {
  const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const seconds = [0, 0.001, 0.0011, 0.25, 9.99, 10, 10.01, 1000];
  const labels = { method: 'GET', route: '/douyin/feed/', code: 'ok' };

  it('prints what a histogram of prom-client prints', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    for (const registry of [ours, theirs]) registry.setDefaultLabels({ component: 'test' });
    const observe = createDurations(ours);
    const histogram = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request, by route pattern and outcome ("ok" or the failure\'s code)',
      ...{ labelNames: ['method', 'route', 'code'], buckets: bounds, registers: [theirs] },
    });
    for (const time of seconds) {
      observe(labels, time);
      histogram.observe(labels, time);
      observe({ ...labels, code: 'internal' }, time);
      histogram.observe({ ...labels, code: 'internal' }, time);
    }
    assert.deepEqual((await ours.metrics()).split('\n'), (await theirs.metrics()).split('\n'));
  });
});
