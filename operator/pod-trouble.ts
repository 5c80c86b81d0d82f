import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Live, Wire } from './kubernetes/objects.ts';

/** Reasons for which a container waits that are no trouble: it is on its way. */
const onItsWay = new Set(['ContainerCreating', 'PodInitializing']);

/** What keeps a pod from running, in a sentence that stays the same while the trouble does; undefined when it is on its way. */
export function podTrouble(pod: Live<V1Pod>): string | undefined {
  const unschedulable = pod.status?.conditions?.find(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
  );
  if (unschedulable) return `${pod.metadata.name} cannot be scheduled: ${unschedulable.message}`;
  for (const container of pod.status?.containerStatuses ?? []) {
    const trouble = containerTrouble(pod.metadata.name, container);
    if (trouble) return trouble;
  }
  return undefined;
}

function containerTrouble(podName: string, { image, state, lastState }: Wire<V1ContainerStatus>): string | undefined {
  const reason = state?.waiting?.reason;
  if (!reason || onItsWay.has(reason)) return undefined;
  if (reason === 'ImagePullBackOff' || reason === 'ErrImagePull' || reason === 'ErrImageNeverPull') {
    return `the image ${image} cannot be pulled: check its name and spec.images.pullSecrets`;
  }
  if (reason === 'CrashLoopBackOff') {
    const exitCode = lastState?.terminated?.exitCode;
    return `${podName} exits again and again with code ${exitCode}: \`kubectl logs ${podName}\` says why`;
  }
  return `${podName} waits: ${reason} ${state?.waiting?.message ?? ''}`.trim();
}

/** The first trouble among the pods of each component. */
export function troubleByComponent(pods: readonly Live<V1Pod>[]): Map<string, string> {
  const troubles = new Map<string, string>();
  for (const pod of pods) {
    const component = pod.metadata.labels?.['app.kubernetes.io/component'];
    const trouble = podTrouble(pod);
    if (component && trouble && !troubles.has(component)) troubles.set(component, trouble);
  }
  return troubles;
}
