import type { V2HorizontalPodAutoscaler, V2HorizontalPodAutoscalerBehavior } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import type { ScalingRules } from '../scaler/policies.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';

/** How many pods of a component there may be, and how busy one container of each is to be. */
export interface ScaledByProcessor {
  component: string;
  /** What does the work: what stands beside it says nothing about load. */
  container: string;
  minReplicas: number;
  maxReplicas: number;
  targetCPUUtilizationPercentage: number;
  behavior?: { scaleUp: ScalingRules; scaleDown: ScalingRules };
}

/** Follows the processor time that a container takes of what is reserved for it. */
export const horizontalPodAutoscalerFor = (
  platform: TiktokLite,
  { component, container, minReplicas, maxReplicas, targetCPUUtilizationPercentage, behavior }: ScaledByProcessor,
): Manifest<V2HorizontalPodAutoscaler> => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: childMeta(platform, component),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: childName(platform, component) },
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: 'ContainerResource',
        containerResource: {
          name: 'cpu',
          container,
          target: { type: 'Utilization', averageUtilization: targetCPUUtilizationPercentage },
        },
      },
    ],
    ...(behavior ? { behavior: behaviorOf(behavior) } : {}),
  },
});

/** Rules without a policy are left to Kubernetes, which takes no empty list. */
export const behaviorOf = (behavior: {
  scaleUp: ScalingRules;
  scaleDown: ScalingRules;
}): V2HorizontalPodAutoscalerBehavior => ({
  scaleUp: rulesOf(behavior.scaleUp),
  scaleDown: rulesOf(behavior.scaleDown),
});

const rulesOf = ({ stabilizationWindowSeconds, selectPolicy, policies }: ScalingRules) => ({
  stabilizationWindowSeconds,
  selectPolicy,
  ...(policies.length > 0 ? { policies: [...policies] } : {}),
});
