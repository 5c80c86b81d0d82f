import assert from 'node:assert/strict';
import type { V1Deployment, V1Job, V1StatefulSet } from '@kubernetes/client-node';
import type { Live } from './kubernetes/objects.ts';
import { deploymentProgress, jobState, statefulSetProgress, summary } from './progress.ts';

const metadata = { name: 'demo-video', uid: '1', resourceVersion: '1', generation: 2 };

const deployment = (status: Live<V1Deployment>['status'], replicas = 1) =>
  deploymentProgress('video', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas, selector: {}, template: {} },
    ...(status ? { status } : {}),
  });
const settled = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };

describe('a Deployment', () => {
  it('is complete when all its pods are of the newest version and ready', () => {
    assert.deepEqual(deployment(settled), { name: 'video', ready: 1, desired: 1, complete: true, available: true });
  });

  for (const [what, status, available] of [
    ['was not looked at since its last change', { ...settled, observedGeneration: 1 }, true],
    ['still has a pod of an older version', { ...settled, replicas: 2 }, true],
    ['has no pod of the newest version', { ...settled, updatedReplicas: 0 }, true],
    ['has no ready pod', { ...settled, readyReplicas: 0, availableReplicas: 0 }, false],
    ['has no status yet', undefined, false],
  ] as const) {
    it(`is not complete when it ${what}`, () => {
      const progress = deployment(status);
      assert.deepEqual([progress.complete, progress.available], [false, available]);
    });
  }

  it('that shall have no pod is complete without one', () => {
    const progress = deployment({ observedGeneration: 2 }, 0);
    assert.deepEqual([progress.complete, progress.available], [true, true]);
  });
});

describe('a StatefulSet', () => {
  const statefulSet = (status: Omit<NonNullable<V1StatefulSet['status']>, 'conditions'>) =>
    statefulSetProgress('mysql', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: { replicas: 1, selector: {}, serviceName: 'x', template: {} },
      status,
    });

  it('is complete when its pod is of the newest version and ready', () => {
    assert.equal(
      statefulSet({ observedGeneration: 2, replicas: 1, readyReplicas: 1, updatedReplicas: 1 }).complete,
      true,
    );
    assert.equal(statefulSet({ observedGeneration: 2, replicas: 1, readyReplicas: 1 }).complete, false);
    assert.equal(
      statefulSet({ observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1 }).complete,
      false,
    );
  });

  it('is summed up by what is there', () => {
    assert.equal(summary([statefulSet({ replicas: 1 })]), 'mysql (0 of 1)');
  });
});

describe('a Job', () => {
  const job = (status: Live<V1Job>['status']) =>
    jobState({ apiVersion: 'batch/v1', kind: 'Job', metadata, ...(status ? { status } : {}) });

  it('runs until it is complete or has failed for good', () => {
    assert.deepEqual(job(undefined), { state: 'running', failures: 0 });
    assert.deepEqual(job({ failed: 2 }), { state: 'running', failures: 2 });
    assert.deepEqual(job({ conditions: [{ type: 'Complete', status: 'True' }] }), { state: 'complete' });
    assert.deepEqual(job({ failed: 11, conditions: [{ type: 'Failed', status: 'True' }] }), {
      state: 'failed',
      failures: 11,
    });
  });
});
