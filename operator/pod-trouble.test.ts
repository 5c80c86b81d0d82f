import assert from 'node:assert/strict';
import type { V1Pod } from '@kubernetes/client-node';
import type { Live } from './kubernetes/objects.ts';
import { podTrouble, troubleByComponent } from './pod-trouble.ts';

type Pod = Live<V1Pod>;
type Container = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const podWith = (container: Partial<Container>, status: Pod['status'] = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'demo-video-1',
    uid: '1',
    resourceVersion: '1',
    labels: { 'app.kubernetes.io/component': 'video' },
  },
  status: {
    ...status,
    containerStatuses: [
      { name: 'video', image: 'services:1', imageID: '', ready: false, restartCount: 0, ...container },
    ],
  },
});

describe('what keeps a pod from running', () => {
  it('is nothing while its containers are made', () => {
    assert.equal(podTrouble(podWith({ state: { waiting: { reason: 'ContainerCreating' } } })), undefined);
    assert.equal(podTrouble(podWith({ state: { running: {} } })), undefined);
  });

  for (const reason of ['ImagePullBackOff', 'ErrImagePull']) {
    it(`is the image on ${reason}`, () => {
      assert.match(podTrouble(podWith({ state: { waiting: { reason } } })) ?? '', /services:1 cannot be pulled/);
    });
  }

  it('is the end of its process, told alike while it waits and while it tries again', () => {
    const lastState = { terminated: { exitCode: 1 } };
    const waits = podTrouble(
      podWith({ restartCount: 3, lastState, state: { waiting: { reason: 'CrashLoopBackOff' } } }),
    );
    const tries = podTrouble(podWith({ restartCount: 3, lastState, state: { running: {} } }));
    assert.match(waits ?? '', /ended with code 1.*kubectl logs demo-video-1/);
    assert.equal(tries, waits);
  });

  it('is the end of what has to run before and beside it, by its name', () => {
    const beside = { name: 'ffmpeg', image: 'transcoder:1', imageID: '', ready: false, restartCount: 2 };
    const initContainerStatuses = [{ ...beside, state: { terminated: { exitCode: 1 } } }];
    const pod = podWith({ state: { waiting: { reason: 'PodInitializing' } } }, { initContainerStatuses });
    assert.match(podTrouble(pod) ?? '', /ended with code 1.*kubectl logs demo-video-1 -c ffmpeg/);
  });

  it('is forgotten once it is ready', () => {
    const lastState = { terminated: { exitCode: 1 } };
    assert.equal(podTrouble(podWith({ ready: true, restartCount: 3, lastState, state: { running: {} } })), undefined);
  });

  it('is the lack of a node', () => {
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    assert.match(podTrouble(podWith({}, { conditions })) ?? '', /cannot be scheduled: 0\/1 nodes/);
  });

  it('is told once for each component', () => {
    const broken = podWith({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'no Secret' } } });
    assert.deepEqual([...troubleByComponent([broken, broken]).keys()], ['video']);
  });
});
