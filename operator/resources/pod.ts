import type {
  V1PodSpec,
  V1SecurityContext,
  V1TopologySpreadConstraint,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { PodName } from '../pods.ts';
import { selectorOf } from './labels.ts';
import { childName } from './names.ts';

/** User and group of every process: they own nothing outside of their volumes. */
const userId = 10001;

/** A container that meets the Pod Security Standard "restricted" and cannot write to its image. */
export const confined: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What every pod has in common: an identity without a token, no names of other Services in the environment, spread over nodes. */
export function podDefaults(platform: TiktokLite, component: PodName) {
  const { pullSecrets } = platform.spec.images;
  return {
    serviceAccountName: childName(platform, component),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map(({ name }) => ({ name })) } : {}),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: selectorOf(platform, component) },
            },
          },
        ],
      },
    },
  } satisfies Partial<V1PodSpec>;
}

/** Spreads the pods of one version over zones and nodes as evenly as there is room; counted by version, or a rollout would crowd them. */
export const spread = (platform: TiktokLite, component: PodName): V1TopologySpreadConstraint[] =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(platform, component) },
    matchLabelKeys: ['pod-template-hash'],
  }));

/** A folder that may be written, bounded, gone with the pod. */
export const scratch = (
  name: string,
  mountPath: string,
  megabytes: number,
): { volume: V1Volume; mount: V1VolumeMount } => ({
  volume: { name, emptyDir: { sizeLimit: `${megabytes}Mi` } },
  mount: { name, mountPath },
});
