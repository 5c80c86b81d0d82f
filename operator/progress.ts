import type { V1Deployment, V1Job, V1StatefulSet } from '@kubernetes/client-node';
import type { ComponentStatus } from './api/tiktok-lite.ts';
import type { Live } from './kubernetes/objects.ts';

/** How far a workload has come towards what its spec says. */
export interface Progress extends ComponentStatus {
  /** Every wanted pod is ready, and none of an older version is left. */
  complete: boolean;
  /** Enough pods of any version answer. */
  available: boolean;
}

const isObserved = (live: Live<{ status?: { observedGeneration?: number } }>): boolean =>
  (live.status?.observedGeneration ?? 0) >= (live.metadata.generation ?? 0);

/** Of a Deployment, with the name of its component. */
export function deploymentProgress(name: string, live: Live<V1Deployment> | undefined): Progress {
  const desired = live?.spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = live?.status ?? {};
  const complete =
    live !== undefined &&
    isObserved(live) &&
    updatedReplicas === desired &&
    replicas === desired &&
    availableReplicas === desired;
  return { name, ready: readyReplicas, desired, complete, available: desired === 0 || availableReplicas > 0 };
}

/** Of a Deployment whose number follows a queue: how many there are at the moment says nothing about the rollout. */
export function scaledProgress(name: string, live: Live<V1Deployment>): Progress {
  const { replicas = 0, updatedReplicas = 0 } = live.status ?? {};
  const complete = isObserved(live) && updatedReplicas === replicas;
  return { ...deploymentProgress(name, live), complete, available: true };
}

/** Of a StatefulSet, with the name of its component. */
export function statefulSetProgress(name: string, live: Live<V1StatefulSet> | undefined): Progress {
  const desired = live?.spec?.replicas ?? 1;
  const { updatedReplicas = 0, readyReplicas = 0 } = live?.status ?? {};
  const complete = live !== undefined && isObserved(live) && updatedReplicas >= desired && readyReplicas >= desired;
  return { name, ready: readyReplicas, desired, complete, available: readyReplicas > 0 };
}

export type JobState = { state: 'complete' } | { state: 'failed' | 'running'; failures: number };

/** Of a Job that runs to its end. */
export function jobState({ status }: Live<V1Job>): JobState {
  const has = (type: string) =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === 'True');
  if (has('Complete')) return { state: 'complete' };
  return { state: has('Failed') ? 'failed' : 'running', failures: status?.failed ?? 0 };
}

/** `auth (0 of 1), video (1 of 2)`: what is not there yet. */
export const summary = (progress: readonly Progress[]): string =>
  progress.map(({ name, ready, desired }) => `${name} (${ready} of ${desired})`).join(', ');
