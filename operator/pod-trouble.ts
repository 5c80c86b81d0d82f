import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Live, Wire } from './kubernetes/objects.ts';

/** Reasons for which a container waits that are no trouble: it is on its way. */
const onItsWay = new Set(['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff']);

const imageReasons = new Set(['ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'InvalidImageName']);

/** What keeps a pod from running, in a sentence that stays the same while the trouble does; undefined when it is on its way. */
export function podTrouble(pod: Live<V1Pod>): string | undefined {
  const unschedulable = pod.status?.conditions?.find(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
  );
  if (unschedulable) return `${pod.metadata.name} cannot be scheduled: ${unschedulable.message}`;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = containerTrouble(pod.metadata.name, container);
    if (trouble) return trouble;
  }
  return undefined;
}

function containerTrouble(podName: string, container: Wire<V1ContainerStatus>): string | undefined {
  const { name, image, ready, restartCount, state, lastState } = container;
  const waiting = state?.waiting;
  if (waiting?.reason && imageReasons.has(waiting.reason)) {
    return `the image ${image} cannot be pulled: check its name and spec.images`;
  }
  // Between two starts it runs for a moment or waits for a while: both are the same trouble.
  const ended = lastState?.terminated ?? state?.terminated;
  if (!ready && restartCount > 0 && ended) {
    return `${podName} ended with code ${ended.exitCode} and is started again: \`kubectl logs ${podName} -c ${name}\` says why`;
  }
  if (!waiting?.reason || onItsWay.has(waiting.reason)) return undefined;
  return `${podName} waits: ${waiting.reason} ${waiting.message ?? ''}`.trim();
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
