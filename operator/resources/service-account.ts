import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import type { PodName } from '../pods.ts';
import { childMeta } from './owner.ts';

/** Whom a pod is to meshes, admission and audit. It has no token: nothing in a platform talks to the API server. */
export const serviceAccountFor = (platform: TiktokLite, pod: PodName): Manifest<V1ServiceAccount> => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: childMeta(platform, pod),
  automountServiceAccountToken: false,
});
