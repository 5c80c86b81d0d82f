import { apiVersion, kind, type TiktokLite } from '../api/tiktok-lite.ts';
import { labelsOf } from './labels.ts';
import { childName } from './names.ts';

/** Makes Kubernetes delete the child with its platform. */
export const ownerOf = (platform: TiktokLite) => ({
  apiVersion,
  kind,
  name: platform.metadata.name,
  uid: platform.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Name, namespace, labels and owner of a child. */
export const childMeta = (platform: TiktokLite, component: string, name = childName(platform, component)) => ({
  name,
  namespace: platform.metadata.namespace,
  labels: labelsOf(platform, component),
  ownerReferences: [ownerOf(platform)],
});
