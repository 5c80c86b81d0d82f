import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { WantedServer } from '../embedded-servers.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { childMeta } from './owner.ts';

/**
 * The volume of an embedded server. It belongs to nobody when data is to be retained, so that it outlives the platform
 * and is found again under its name by the next one.
 */
export function volumeClaimFor(
  platform: TiktokLite,
  { server, storage }: WantedServer,
): Manifest<V1PersistentVolumeClaim> {
  const { ownerReferences, ...metadata } = childMeta(platform, server.name);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: platform.spec.deletionPolicy === 'Delete' ? { ...metadata, ownerReferences } : metadata,
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storage.className === undefined ? {} : { storageClassName: storage.className }),
      resources: { requests: { storage: String(storage.size) } },
    },
  };
}
