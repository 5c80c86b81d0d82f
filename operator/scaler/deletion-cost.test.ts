import assert from 'node:assert/strict';
import { deletionCost } from './deletion-cost.ts';

describe('the cost of a transcoder that goes', () => {
  for (const [what, answer, cost] of [
    ['nothing when it is idle', { jobs: 0, busySeconds: 0 }, 0],
    ['more than nothing as soon as it has a job', { jobs: 1, busySeconds: 0 }, 1],
    ['what it has worked', { jobs: 1, busySeconds: 119.6 }, 121],
    ['less than that of one that says nothing, whatever it has worked', { jobs: 1, busySeconds: 1e9 }, 999_999],
    ['the most when it says nothing', 'unknown', 1_000_000],
  ] as const) {
    it(`is ${what}`, () => assert.equal(deletionCost(answer), cost));
  }
});
