import assert from 'node:assert/strict';
import { buildPlatform } from '../testing/build-platform.ts';
import { decide, type Situation } from './decide.ts';
import { noHistory } from './history.ts';
import { nextReadMs, scalerSpecOf } from './wanted.ts';

type Autoscaling = NonNullable<NonNullable<Parameters<typeof buildPlatform>[0]>['transcoder']>['autoscaling'];

const nowMs = 1_000_000;
const objectWith = (autoscaling: Autoscaling) =>
  buildPlatform({ transcoder: { autoscaling: { mode: 'builtin', maxReplicas: 8, ...autoscaling } } });

/** How many transcoders an object with these fields gets; the history is that of a process that has just begun. */
function replicasWith(autoscaling: Autoscaling, situation: Partial<Situation> & { lag?: number }): number {
  const { lag = 0, current = 1, ...more } = situation;
  const history = { ...noHistory(nowMs - 400_000, current), wishes: [] };
  const reading = { lag, partitions: 16 };
  const spec = scalerSpecOf(objectWith(autoscaling));
  return decide({ spec, current, reading, history, nowMs, ...more }).replicas;
}

const unread = { reading: undefined, current: 2 };
const idleSeconds = (seconds: number) => ({ history: noHistory(nowMs - seconds * 1_000, 1) });
const pods = (value: number, periodSeconds = 60) => [{ type: 'Pods' as const, value, periodSeconds }];
const percent = (value: number) => [{ type: 'Percent' as const, value, periodSeconds: 60 }];
const changedAgo = (seconds: number, from: number, to: number) => ({
  history: { ...noHistory(nowMs - 400_000, to), wishes: [], changes: [{ atMs: nowMs - seconds * 1_000, from, to }] },
});

describe('the scaling that an object asks for', () => {
  it('keeps to the bounds and thresholds of the object', () => {
    assert.equal(replicasWith({}, { lag: 20 }), 4);
    assert.equal(replicasWith({ lagThreshold: 10 }, { lag: 20 }), 2);
    assert.equal(replicasWith({ maxReplicas: 3 }, { lag: 20 }), 3);
    assert.equal(replicasWith({ minReplicas: 2 }, { lag: 1, current: 0 }), 2);
    assert.equal(replicasWith({ activationLagThreshold: 0 }, { lag: 3, current: 0 }), 1);
    assert.equal(replicasWith({ activationLagThreshold: 3 }, { lag: 3, current: 0 }), 0);
    assert.equal(replicasWith({ cooldownSeconds: 60 }, idleSeconds(61)), 0);
    assert.equal(replicasWith({ cooldownSeconds: 60 }, idleSeconds(59)), 1);
  });

  it('takes half of the partitions for the most, where the object names none', () => {
    assert.equal(scalerSpecOf(buildPlatform({ topics: { uploads: { partitions: 10 } } })).maxReplicas, 5);
    assert.equal(scalerSpecOf(buildPlatform({ topics: { uploads: { partitions: 1 } } })).maxReplicas, 1);
  });

  it('rises as fast as the object lets it', () => {
    const rise = (scaleUp: object, more: Partial<Situation> = {}) =>
      replicasWith({ behavior: { scaleUp } }, { lag: 40, current: 1, ...more });
    const wished = { history: { ...noHistory(nowMs - 400_000, 1), wishes: [{ atMs: nowMs - 50_000, replicas: 1 }] } };
    assert.equal(rise({}, wished), 8);
    assert.equal(rise({ stabilizationWindowSeconds: 60 }, wished), 1);
    assert.equal(rise({ policies: pods(2) }), 3);
    assert.equal(rise({ policies: percent(300) }), 4);
    assert.equal(rise({ policies: [...pods(2), ...percent(300)], selectPolicy: 'Min' }), 3);
    assert.equal(rise({ policies: pods(2, 60) }, { current: 3, ...changedAgo(90, 1, 3) }), 5);
    assert.equal(rise({ policies: pods(2, 120) }, { current: 3, ...changedAgo(90, 1, 3) }), 3);
  });

  it('falls as fast as the object lets it', () => {
    const fall = (scaleDown: object, more: Partial<Situation> = {}) =>
      replicasWith(
        { behavior: { scaleDown: { stabilizationWindowSeconds: 0, ...scaleDown } } },
        {
          lag: 1,
          current: 8,
          ...more,
        },
      );
    const wished = { history: { ...noHistory(nowMs - 400_000, 8), wishes: [{ atMs: nowMs - 50_000, replicas: 8 }] } };
    assert.equal(fall({}, wished), 1);
    assert.equal(fall({ stabilizationWindowSeconds: 60 }, wished), 8);
    assert.equal(fall({ policies: pods(2) }), 6);
    assert.equal(fall({ policies: percent(50) }), 4);
    assert.equal(fall({ policies: [...pods(2), ...percent(50)], selectPolicy: 'Min' }), 6);
    assert.equal(fall({ policies: pods(2, 60) }, changedAgo(90, 10, 8)), 6);
    assert.equal(fall({ policies: pods(2, 120) }, changedAgo(90, 10, 8)), 8);
  });

  it('falls back as the object says while nobody knows the lag', () => {
    const failed = (failures: number) => ({ history: { ...noHistory(nowMs, 2), failures } });
    assert.equal(replicasWith({}, { ...unread, ...failed(9) }), 2);
    const fallback = { failureThreshold: 3, replicas: 5 };
    assert.equal(replicasWith({ fallback }, { ...unread, ...failed(2) }), 2);
    assert.equal(replicasWith({ fallback }, { ...unread, ...failed(3) }), 5);
    assert.equal(
      replicasWith({ fallback: { ...fallback, behavior: 'currentReplicasIfLower' } }, { ...unread, ...failed(3) }),
      2,
    );
  });

  it('reads the lag as often as the object says, and after failures less often', () => {
    assert.equal(nextReadMs(objectWith({ pollingSeconds: 5 }), 0), 5_000);
    assert.equal(nextReadMs(objectWith({ pollingSeconds: 5 }), 2), 20_000);
    assert.equal(nextReadMs(objectWith({ pollingSeconds: 5 }), 9), 60_000);
    assert.equal(nextReadMs(objectWith({ pollingSeconds: 300 }), 9), 300_000);
  });
});
