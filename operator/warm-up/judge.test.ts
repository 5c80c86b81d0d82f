import assert from 'node:assert/strict';
import type { JobState } from '../progress.ts';
import type { CacheAnswer } from './ask.ts';
import { judgeWarmth, type Warmth } from './judge.ts';

const complete: JobState = { state: 'complete' };
const running: JobState = { state: 'running', failures: 0 };
const failed: JobState = { state: 'failed', failures: 11 };
const report = (run: string, finishedAtMs?: number): CacheAnswer => ({
  run,
  progress: { users: 1, videos: 1, startedAtMs: 1, ...(finishedAtMs === undefined ? {} : { finishedAtMs }) },
});

const cases: [what: string, job: JobState | undefined, answer: CacheAnswer, warmth: Warmth][] = [
  ['nothing is known and nothing runs', undefined, 'unknown', 'running'],
  ['the cache is cold and nothing runs', undefined, 'cold', 'running'],
  ['the cache is full, whoever has deleted the Job', undefined, report('a', 2), 'warm'],
  ['an earlier run has filled it', undefined, report('b', 2), 'running'],
  ['the Job runs', running, report('a'), 'running'],
  ['the Job runs and the cache was lost below it', running, 'cold', 'running'],
  ['the cache is full and the Job is about to end', running, report('a', 2), 'warm'],
  ['the Job is done', complete, report('a', 2), 'warm'],
  ['the Job is done and nobody answers', complete, 'unknown', 'warm'],
  ['the Job is done and the cache is empty', complete, 'cold', 'lost'],
  ['the Job is done and the cache was lost and taken by another run', complete, report('b', 2), 'lost'],
  ['the Job has given up', failed, report('a'), 'failed'],
  ['the Job has given up and nobody answers', failed, 'unknown', 'failed'],
];

describe('the warmth of a cache', () => {
  for (const [what, job, answer, warmth] of cases) {
    it(`is "${warmth}" when ${what}`, () => {
      assert.equal(judgeWarmth('a', job, answer), warmth);
    });
  }
});
