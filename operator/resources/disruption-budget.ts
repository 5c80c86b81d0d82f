import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { selectorOf } from './labels.ts';
import { childMeta } from './owner.ts';

/**
 * Nodes are emptied one pod of a component at a time. A pod that is not ready protects nothing and may always go, and the
 * only pod of a component never blocks a node.
 */
export const disruptionBudgetFor = (platform: TiktokLite, component: string): Manifest<V1PodDisruptionBudget> => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: childMeta(platform, component),
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: selectorOf(platform, component) },
  },
});
