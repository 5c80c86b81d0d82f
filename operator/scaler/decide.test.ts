import assert from 'node:assert/strict';
import { decide, type Fallback, type Reading, type Reason, type ScalerSpec } from './decide.ts';
import { type History, noHistory, withChange } from './history.ts';
import type { ScalingPolicy, ScalingRules } from './policies.ts';

const free: ScalingRules = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [] };
const usual: ScalerSpec = {
  minReplicas: 0,
  maxReplicas: 8,
  lagThreshold: 5,
  activationLagThreshold: 0,
  cooldownSeconds: 300,
  behavior: { scaleUp: free, scaleDown: free },
};
const nowMs = 10_000_000;

type Wanted = [replicas: number, reason: Reason];
interface Case {
  current: number;
  lag?: number | 'unknown';
  partitions?: number;
  oldestSeconds?: number;
  spec?: Partial<ScalerSpec>;
  up?: Partial<ScalingRules>;
  down?: Partial<ScalingRules>;
  /** Seconds since there was something to do. */
  idleSeconds?: number;
  /** Earlier wishes: how long ago, and how many. */
  wishes?: [secondsAgo: number, replicas: number][];
  /** Earlier changes. */
  changes?: [secondsAgo: number, from: number, to: number][];
  failures?: number;
  lagBefore?: number;
  wanted: Wanted;
}

function decided(given: Case) {
  const { current, lag = 0, partitions = 16, oldestSeconds, idleSeconds = 0 } = given;
  const reading: Reading | undefined = lag === 'unknown' ? undefined : { lag, partitions, oldestSeconds };
  const history: History = {
    lastActiveMs: nowMs - idleSeconds * 1_000,
    wishes: (given.wishes ?? []).map(([ago, replicas]) => ({ atMs: nowMs - ago * 1_000, replicas })),
    changes: (given.changes ?? []).map(([ago, from, to]) => ({ atMs: nowMs - ago * 1_000, from, to })),
    failures: given.failures ?? 0,
    ...(given.lagBefore === undefined ? {} : { last: { atMs: nowMs - 5_000, lag: given.lagBefore } }),
  };
  const behavior = { scaleUp: { ...free, ...given.up }, scaleDown: { ...free, ...given.down } };
  return decide({ spec: { ...usual, behavior, ...given.spec }, current, reading, history, nowMs });
}

const pods = (value: number, periodSeconds = 60): ScalingPolicy => ({ type: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds = 60): ScalingPolicy => ({ type: 'Percent', value, periodSeconds });
const fallback = (behavior: Fallback['behavior'], replicas = 4): Partial<ScalerSpec> => ({
  fallback: { failureThreshold: 3, replicas, behavior },
});

const table: Record<string, Record<string, Case>> = {
  'follows the lag': {
    'one message needs one': { current: 1, lag: 1, wanted: [1, 'FollowsLag'] },
    'a full threshold needs one': { current: 1, lag: 5, wanted: [1, 'FollowsLag'] },
    'one more than the threshold needs two': { current: 1, lag: 6, wanted: [2, 'FollowsLag'] },
    'twenty need four, at once': { current: 1, lag: 20, wanted: [4, 'FollowsLag'] },
    'a threshold of one gives each message one': {
      current: 1,
      lag: 7,
      spec: { lagThreshold: 1 },
      wanted: [7, 'FollowsLag'],
    },
    'a tenth too many is acted on: there is no dead band': {
      current: 10,
      lag: 55,
      spec: { maxReplicas: 20 },
      wanted: [11, 'FollowsLag'],
    },
    'a tenth too few is acted on, too': { current: 11, lag: 50, spec: { maxReplicas: 20 }, wanted: [10, 'FollowsLag'] },
    'the last step to the maximum is taken': { current: 7, lag: 36, wanted: [8, 'FollowsLag'] },
    'it goes down at once where no rule holds it': { current: 8, lag: 5, wanted: [1, 'FollowsLag'] },
    'what it has is kept where that is right': { current: 3, lag: 15, wanted: [3, 'FollowsLag'] },
  },
  'is bounded': {
    'by the maximum': { current: 4, lag: 1_000, wanted: [8, 'AtMaximum'] },
    'by the partitions': { current: 1, lag: 1_000, partitions: 3, wanted: [3, 'AtPartitions'] },
    'by the maximum where partitions are as many': { current: 1, lag: 1_000, partitions: 8, wanted: [8, 'AtMaximum'] },
    'by one where no partition is known': { current: 0, lag: 9, partitions: 0, wanted: [1, 'AtPartitions'] },
    'by the minimum': { current: 2, lag: 1, spec: { minReplicas: 2 }, wanted: [2, 'FollowsLag'] },
    'by the minimum rather than by partitions': {
      current: 5,
      lag: 99,
      partitions: 2,
      spec: { minReplicas: 5 },
      wanted: [5, 'AtPartitions'],
    },
    'and comes down to a maximum that was lowered, whatever the window': {
      current: 9,
      lag: 99,
      spec: { maxReplicas: 4 },
      down: { stabilizationWindowSeconds: 300 },
      wishes: [[10, 9]],
      wanted: [4, 'AtMaximum'],
    },
    'and comes up to a minimum that was raised, whatever the policies': {
      current: 1,
      lag: 1,
      spec: { minReplicas: 6 },
      up: { policies: [pods(1)] },
      wanted: [6, 'FollowsLag'],
    },
    'and comes up to a minimum also from nothing, and idle': {
      current: 0,
      spec: { minReplicas: 2 },
      wanted: [2, 'Idle'],
    },
    'and keeps a minimum that is the maximum': {
      current: 3,
      lag: 99,
      spec: { minReplicas: 3, maxReplicas: 3 },
      wanted: [3, 'AtMaximum'],
    },
  },
  'is activated': {
    'by the first message': { current: 0, lag: 1, wanted: [1, 'FollowsLag'] },
    'to as many as are needed, in one step': { current: 0, lag: 20, wanted: [4, 'FollowsLag'] },
    'not by as many as the activation threshold': {
      current: 0,
      lag: 3,
      spec: { activationLagThreshold: 3 },
      wanted: [0, 'Idle'],
    },
    'by one more than the activation threshold': {
      current: 0,
      lag: 4,
      spec: { activationLagThreshold: 3 },
      wanted: [1, 'FollowsLag'],
    },
    'not by a lag that is large and yet below the activation threshold': {
      current: 0,
      lag: 40,
      spec: { activationLagThreshold: 50 },
      wanted: [0, 'Idle'],
    },
    'to all that are needed by a lag above a large activation threshold': {
      current: 0,
      lag: 51,
      spec: { activationLagThreshold: 50, maxReplicas: 20 },
      wanted: [11, 'FollowsLag'],
    },
    'by a message that has waited for longer than the cooldown': {
      current: 0,
      lag: 1,
      oldestSeconds: 301,
      spec: { activationLagThreshold: 3 },
      wanted: [1, 'FollowsLag'],
    },
    'not by one that has waited for as long as the cooldown': {
      current: 0,
      lag: 1,
      oldestSeconds: 300,
      spec: { activationLagThreshold: 3 },
      wanted: [0, 'Idle'],
    },
    'not by age alone': { current: 0, lag: 0, oldestSeconds: 9_999, wanted: [0, 'Idle'] },
    'to one where a percentage would keep it at nothing': {
      current: 0,
      lag: 20,
      up: { policies: [percent(100)] },
      wanted: [1, 'PolicyLimited'],
    },
    'as far as a policy allows': { current: 0, lag: 20, up: { policies: [pods(2)] }, wanted: [2, 'PolicyLimited'] },
    'to one while a window looks for a lasting need': {
      current: 0,
      lag: 20,
      up: { stabilizationWindowSeconds: 60 },
      wishes: [[30, 0]],
      wanted: [1, 'Stabilized'],
    },
    'to one also where scaling up is disabled': {
      current: 0,
      lag: 20,
      up: { selectPolicy: 'Disabled' },
      wanted: [1, 'PolicyLimited'],
    },
  },
  rests: {
    'at nothing': { current: 0, idleSeconds: 9_999, wanted: [0, 'Idle'] },
    'at one until the cooldown is over': { current: 1, idleSeconds: 299, wanted: [1, 'CoolingDown'] },
    'at nothing once the cooldown is over': { current: 1, idleSeconds: 300, wanted: [0, 'Idle'] },
    'at nothing at once where there is no cooldown': {
      current: 1,
      spec: { cooldownSeconds: 0 },
      idleSeconds: 0,
      wanted: [0, 'Idle'],
    },
    'at one of many during the cooldown, which is for the last one only': {
      current: 4,
      idleSeconds: 10,
      wanted: [1, 'CoolingDown'],
    },
    'at as many as the window says during the cooldown': {
      current: 4,
      idleSeconds: 10,
      down: { stabilizationWindowSeconds: 300 },
      wishes: [[10, 3]],
      wanted: [3, 'CoolingDown'],
    },
    'at nothing after the cooldown, though the window is longer': {
      current: 4,
      idleSeconds: 300,
      down: { stabilizationWindowSeconds: 900 },
      wishes: [[400, 4]],
      wanted: [0, 'Idle'],
    },
    'at nothing after the cooldown, though policies would hold it': {
      current: 4,
      idleSeconds: 300,
      down: { policies: [pods(1)] },
      wanted: [0, 'Idle'],
    },
    'at nothing after the cooldown, though scaling down is disabled': {
      current: 4,
      idleSeconds: 300,
      down: { selectPolicy: 'Disabled' },
      wanted: [0, 'Idle'],
    },
    'at all of them during the cooldown where scaling down is disabled': {
      current: 4,
      idleSeconds: 30,
      down: { selectPolicy: 'Disabled' },
      wanted: [4, 'CoolingDown'],
    },
    'at nothing, though a few messages below the activation threshold are there': {
      current: 1,
      lag: 2,
      spec: { activationLagThreshold: 3 },
      idleSeconds: 300,
      wanted: [0, 'Idle'],
    },
    'at the minimum, without a cooldown': { current: 4, spec: { minReplicas: 2 }, idleSeconds: 1, wanted: [2, 'Idle'] },
    'at the minimum for ever': { current: 2, spec: { minReplicas: 2 }, idleSeconds: 99_999, wanted: [2, 'Idle'] },
    'not while one message is left': { current: 1, lag: 1, idleSeconds: 9_999, wanted: [1, 'FollowsLag'] },
  },
  'has windows': {
    'the highest wish of the window holds it': {
      current: 6,
      lag: 5,
      down: { stabilizationWindowSeconds: 300 },
      wishes: [
        [299, 6],
        [10, 2],
      ],
      wanted: [6, 'Stabilized'],
    },
    'a wish that the window has left holds nothing': {
      current: 6,
      lag: 5,
      down: { stabilizationWindowSeconds: 300 },
      wishes: [
        [300, 6],
        [10, 2],
      ],
      wanted: [2, 'Stabilized'],
    },
    'a higher wish of old does not raise it': {
      current: 2,
      lag: 5,
      down: { stabilizationWindowSeconds: 300 },
      wishes: [[10, 7]],
      wanted: [2, 'Stabilized'],
    },
    'the lowest wish of the window holds a rise': {
      current: 1,
      lag: 40,
      up: { stabilizationWindowSeconds: 60 },
      wishes: [
        [50, 2],
        [10, 8],
      ],
      wanted: [2, 'Stabilized'],
    },
    'a lower wish of old does not lower it': {
      current: 4,
      lag: 40,
      up: { stabilizationWindowSeconds: 60 },
      wishes: [[10, 1]],
      wanted: [4, 'Stabilized'],
    },
    'the window of the other direction does not count': {
      current: 1,
      lag: 40,
      down: { stabilizationWindowSeconds: 300 },
      wishes: [[10, 1]],
      wanted: [8, 'FollowsLag'],
    },
    'a lag that grows holds what is there': { current: 6, lag: 10, lagBefore: 9, wanted: [6, 'LagGrowing'] },
    'a lag that stays or shrinks holds nothing': { current: 6, lag: 10, lagBefore: 10, wanted: [2, 'FollowsLag'] },
  },
  'has policies': {
    'so many pods more a period': { current: 2, lag: 40, up: { policies: [pods(2)] }, wanted: [4, 'PolicyLimited'] },
    'so many percent more a period, rounded up': {
      current: 3,
      lag: 40,
      up: { policies: [percent(50)] },
      wanted: [5, 'PolicyLimited'],
    },
    'the one that allows most': {
      current: 2,
      lag: 40,
      up: { policies: [pods(4), percent(100)] },
      wanted: [6, 'PolicyLimited'],
    },
    'the one that allows least': {
      current: 2,
      lag: 40,
      up: { selectPolicy: 'Min', policies: [pods(4), percent(100)] },
      wanted: [4, 'PolicyLimited'],
    },
    'what was added within the period counts': {
      current: 4,
      lag: 40,
      up: { policies: [pods(2)] },
      changes: [[30, 2, 4]],
      wanted: [4, 'PolicyLimited'],
    },
    'what was added before the period does not': {
      current: 4,
      lag: 40,
      up: { policies: [pods(2)] },
      changes: [[60, 2, 4]],
      wanted: [6, 'PolicyLimited'],
    },
    'what was taken away within the period may be added again': {
      current: 2,
      lag: 40,
      up: { policies: [pods(2)] },
      changes: [[30, 4, 2]],
      wanted: [6, 'PolicyLimited'],
    },
    'no rise where it is disabled': {
      current: 2,
      lag: 40,
      up: { selectPolicy: 'Disabled' },
      wanted: [2, 'PolicyLimited'],
    },
    'so many pods fewer a period': { current: 8, lag: 1, down: { policies: [pods(1)] }, wanted: [7, 'PolicyLimited'] },
    'so many percent fewer a period, rounded down': {
      current: 5,
      lag: 1,
      down: { policies: [percent(50)] },
      wanted: [2, 'PolicyLimited'],
    },
    'the one that takes most': {
      current: 8,
      lag: 1,
      down: { policies: [pods(1), percent(50)] },
      wanted: [4, 'PolicyLimited'],
    },
    'the one that takes least': {
      current: 8,
      lag: 1,
      down: { selectPolicy: 'Min', policies: [pods(1), percent(50)] },
      wanted: [7, 'PolicyLimited'],
    },
    'what was taken within the period counts': {
      current: 7,
      lag: 1,
      down: { policies: [pods(1)] },
      changes: [[30, 8, 7]],
      wanted: [7, 'PolicyLimited'],
    },
    'all of them at once by a hundred percent': {
      current: 8,
      lag: 1,
      down: { policies: [percent(100, 15)] },
      wanted: [1, 'FollowsLag'],
    },
    'no fall where it is disabled': {
      current: 8,
      lag: 1,
      down: { selectPolicy: 'Disabled' },
      wanted: [8, 'PolicyLimited'],
    },
    'policies of a window that holds do not count': {
      current: 8,
      lag: 1,
      down: { stabilizationWindowSeconds: 60, policies: [percent(100)] },
      wishes: [[5, 8]],
      wanted: [8, 'Stabilized'],
    },
  },
  'goes on without knowing the lag': {
    'with what it has': { current: 3, lag: 'unknown', wanted: [3, 'LagUnknown'] },
    'with nothing where it has nothing': { current: 0, lag: 'unknown', failures: 99, wanted: [0, 'LagUnknown'] },
    'and never ends what runs, however long nothing was wanted': {
      current: 3,
      lag: 'unknown',
      failures: 99,
      idleSeconds: 9_999,
      wanted: [3, 'LagUnknown'],
    },
    'with what it has for as many failures as the fallback tolerates': {
      current: 1,
      lag: 'unknown',
      failures: 2,
      spec: fallback('static'),
      wanted: [1, 'LagUnknown'],
    },
    'with the fallback after one more': {
      current: 1,
      lag: 'unknown',
      failures: 3,
      spec: fallback('static'),
      wanted: [4, 'FallbackActive'],
    },
    'with a fallback from nothing': {
      current: 0,
      lag: 'unknown',
      failures: 3,
      spec: fallback('static'),
      wanted: [4, 'FallbackActive'],
    },
    'with a fallback that is lower': {
      current: 7,
      lag: 'unknown',
      failures: 3,
      spec: fallback('static'),
      wanted: [4, 'FallbackActive'],
    },
    'with a fallback within the bounds': {
      current: 1,
      lag: 'unknown',
      failures: 3,
      spec: fallback('static', 99),
      wanted: [8, 'FallbackActive'],
    },
    'with what it has as the fallback': {
      current: 7,
      lag: 'unknown',
      failures: 3,
      spec: fallback('currentReplicas'),
      wanted: [7, 'FallbackActive'],
    },
    'with the higher of both': {
      current: 7,
      lag: 'unknown',
      failures: 3,
      spec: fallback('currentReplicasIfHigher'),
      wanted: [7, 'FallbackActive'],
    },
    'with the fallback where that is the higher': {
      current: 1,
      lag: 'unknown',
      failures: 3,
      spec: fallback('currentReplicasIfHigher'),
      wanted: [4, 'FallbackActive'],
    },
    'with the lower of both': {
      current: 1,
      lag: 'unknown',
      failures: 3,
      spec: fallback('currentReplicasIfLower'),
      wanted: [1, 'FallbackActive'],
    },
    'with the fallback where that is the lower': {
      current: 7,
      lag: 'unknown',
      failures: 3,
      spec: fallback('currentReplicasIfLower'),
      wanted: [4, 'FallbackActive'],
    },
    'and follows it again as soon as it is known': {
      current: 4,
      lag: 30,
      failures: 99,
      spec: fallback('static'),
      wanted: [6, 'FollowsLag'],
    },
  },
};

describe('the number of transcoders', () => {
  for (const [what, cases] of Object.entries(table)) {
    describe(what, () => {
      for (const [name, given] of Object.entries(cases)) {
        it(name, () => {
          const { replicas, reason } = decided(given);
          assert.deepEqual([replicas, reason], given.wanted);
        });
      }
    });
  }

  it('is remembered: failures, wishes, activity, and what a change was', () => {
    const failed = decided({ current: 2, lag: 'unknown', failures: 1, wanted: [2, 'LagUnknown'] });
    assert.equal(failed.history.failures, 2);
    const read = decided({
      current: 2,
      lag: 6,
      idleSeconds: 60,
      failures: 2,
      wishes: [[4_000, 8]],
      wanted: [2, 'FollowsLag'],
    });
    assert.deepEqual(read.history, {
      lastActiveMs: nowMs,
      wishes: [{ atMs: nowMs, replicas: 2 }],
      changes: [],
      failures: 0,
      last: { atMs: nowMs, lag: 6 },
    });
    assert.deepEqual(withChange(read.history, { atMs: 1, from: 2, to: 2 }).changes, []);
    assert.deepEqual(withChange(read.history, { atMs: 1, from: 2, to: 3 }).changes, [{ atMs: 1, from: 2, to: 3 }]);
  });

  it('is kept by an operator that begins: its windows and its cooldown begin with it', () => {
    const history = noHistory(nowMs, 6);
    const spec = { ...usual, behavior: { scaleUp: free, scaleDown: { ...free, stabilizationWindowSeconds: 300 } } };
    const later = (seconds: number) =>
      decide({ spec, current: 6, reading: { lag: 0, partitions: 8 }, history, nowMs: nowMs + seconds * 1_000 })
        .replicas;
    assert.deepEqual([later(1), later(299), later(300)], [6, 6, 0]);
  });
});
