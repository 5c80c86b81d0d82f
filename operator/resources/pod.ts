import type { V1PodSpec, V1SecurityContext, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import { selectorOf } from './labels.ts';

/** User and group of every process: they own nothing outside of their volumes. */
const userId = 10001;

/** A container that meets the Pod Security Standard "restricted" and cannot write to its image. */
export const confined: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What every pod has in common: no service token, no names of other Services in the environment, spread over nodes. */
export function podDefaults(platform: TiktokLite, component: string) {
  const { pullSecrets } = platform.spec.images;
  return {
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

/** A folder that may be written, bounded, gone with the pod. */
export const scratch = (
  name: string,
  mountPath: string,
  megabytes: number,
): { volume: V1Volume; mount: V1VolumeMount } => ({
  volume: { name, emptyDir: { sizeLimit: `${megabytes}Mi` } },
  mount: { name, mountPath },
});
