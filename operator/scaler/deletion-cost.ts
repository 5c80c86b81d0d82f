import type { WorkerAnswer } from './ask-worker.ts';

/** By this annotation a ReplicaSet takes the cheapest of its ready pods away first (KEP-2255). */
export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/** Longer than any job: who does not say what it has in hand goes last. */
const unknownCost = 1_000_000;

/** What is lost with a pod, in seconds of work; nothing with one that is idle. */
export function deletionCost(answer: WorkerAnswer): number {
  if (answer === 'unknown') return unknownCost;
  return answer.jobs === 0 ? 0 : 1 + Math.min(Math.round(answer.busySeconds), unknownCost - 2);
}
