import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { scalerSpecOf, workOf } from '../scaler/wanted.ts';
import { behaviorOf } from './horizontal-pod-autoscaler.ts';
import { childName } from './names.ts';
import { childMeta } from './owner.ts';

interface Trigger {
  type: 'kafka';
  metadata: Record<string, string>;
  authenticationRef?: { name: string };
}

/** A ScaledObject of KEDA, as far as it is used here. */
export interface ScaledObject {
  spec: {
    scaleTargetRef: { name: string };
    pollingInterval: number;
    cooldownPeriod: number;
    minReplicaCount: number;
    maxReplicaCount: number;
    fallback?: { failureThreshold: number; replicas: number; behavior: string };
    advanced: { horizontalPodAutoscalerConfig: { behavior: object } };
    triggers: Trigger[];
  };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** A TriggerAuthentication of KEDA, as far as it is used here. */
export interface TriggerAuthentication {
  spec: { secretTargetRef: { parameter: string; name: string; key: string }[] };
}

const mechanisms = { plain: 'plaintext', 'scram-sha-256': 'scram_sha256', 'scram-sha-512': 'scram_sha512' } as const;

/** Where KEDA finds what brokers are logged in to with and whom to trust; undefined where it needs no Secret for that. */
export function triggerAuthenticationFor(platform: TiktokLite): Manifest<TriggerAuthentication> | undefined {
  const { tls, sasl } = platform.spec.kafka.external ?? {};
  const authorities = tls?.caSecretRef?.name;
  const login = sasl?.credentialsSecretRef.name;
  const secretTargetRef = [
    ...(authorities === undefined ? [] : [{ parameter: 'ca', name: authorities, key: 'ca.crt' }]),
    ...(login === undefined ? [] : ['username', 'password'].map((key) => ({ parameter: key, name: login, key }))),
  ];
  if (secretTargetRef.length === 0) return undefined;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: childMeta(platform, 'transcoder'),
    spec: { secretTargetRef },
  };
}

/** Has KEDA follow the uploads that wait or run, by the same words as our own scaler. */
export function scaledObjectFor(platform: TiktokLite): Manifest<ScaledObject> {
  const { minReplicas, maxReplicas, pollingSeconds, cooldownSeconds, behavior, fallback, ...lag } = {
    ...platform.spec.transcoder.autoscaling,
    ...scalerSpecOf(platform),
  };
  const { brokers, work } = workOf(platform);
  const { tls, sasl } = platform.spec.kafka.external ?? {};
  const authentication = triggerAuthenticationFor(platform)?.metadata.name;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: childMeta(platform, 'transcoder'),
    spec: {
      scaleTargetRef: { name: childName(platform, 'transcoder') },
      pollingInterval: pollingSeconds,
      cooldownPeriod: cooldownSeconds,
      minReplicaCount: minReplicas,
      maxReplicaCount: maxReplicas,
      ...(fallback ? { fallback } : {}),
      advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(behavior) } },
      triggers: work.map(({ topic, group }) => ({
        type: 'kafka',
        metadata: {
          bootstrapServers: brokers.join(','),
          consumerGroup: group,
          topic,
          lagThreshold: String(lag.lagThreshold),
          activationLagThreshold: String(lag.activationLagThreshold),
          // A group that has committed nothing yet has everything before it.
          offsetResetPolicy: 'earliest',
          scaleToZeroOnInvalidOffset: 'false',
          ...(tls ? { tls: 'enable' } : {}),
          ...(sasl ? { sasl: mechanisms[sasl.mechanism] } : {}),
        },
        ...(authentication === undefined ? {} : { authenticationRef: { name: authentication } }),
      })),
    },
  };
}
