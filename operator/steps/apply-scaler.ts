import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { type Component, ffmpeg } from '../components.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import { horizontalPodAutoscalerFor } from '../resources/horizontal-pod-autoscaler.ts';
import { scaledObjectFor, triggerAuthenticationFor } from '../resources/scaled-object.ts';
import { scalerSpecOf } from '../scaler/wanted.ts';
import { WaitError } from './step.ts';

/** The object by which somebody else scales a component, where the platform's object says so. */
export async function applyScaler(platform: TiktokLite, component: Component, children: Children): Promise<void> {
  const { name } = component;
  const { autoscaling } = component.wanted(platform.spec);
  if (autoscaling)
    await children.apply(horizontalPodAutoscalerFor(platform, { component: name, container: name, ...autoscaling }));
  if (component.hasFfmpeg) await applyTranscoderScaler(platform, component, children);
}

async function applyTranscoderScaler(platform: TiktokLite, { name }: Component, children: Children): Promise<void> {
  const { mode, targetCPUUtilizationPercentage, behavior } = platform.spec.transcoder.autoscaling;
  if (mode === 'hpa') {
    const { minReplicas, maxReplicas } = scalerSpecOf(platform);
    const bounds = { minReplicas: Math.max(minReplicas, 1), maxReplicas };
    const target = { component: name, container: ffmpeg.name, targetCPUUtilizationPercentage, behavior };
    await children.apply(horizontalPodAutoscalerFor(platform, { ...target, ...bounds }));
  }
  if (mode !== 'keda') return;
  const authentication = triggerAuthenticationFor(platform);
  if (authentication) await children.apply(authentication).catch(explainAbsence);
  await children.apply(scaledObjectFor(platform)).catch(explainAbsence);
}

function explainAbsence(error: Error): never {
  if (!isNotFound(error.cause)) throw error;
  throw new WaitError(
    'KedaMissing',
    'the cluster knows no ScaledObject of keda.sh/v1alpha1: install KEDA, or choose another transcoder.autoscaling.mode',
    { works: true },
  );
}
