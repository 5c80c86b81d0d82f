import type { V1ConfigMap } from '@kubernetes/client-node';
import type { ComponentName } from '../../services/shared/settings.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { childName, shortHash } from './names.ts';
import { childMeta } from './owner.ts';
import type { Settings } from './settings.ts';

/** The settings of a component that may be seen. */
export const settingsConfigMapFor = (
  platform: TiktokLite,
  component: ComponentName,
  settings: Settings,
): Manifest<V1ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: childMeta(platform, component),
  data: settings.plain,
});

/**
 * The gateway's nginx.conf, under a name of its own for each: a new pod cannot find the old one in a cache of its node,
 * nor an old pod that is started again the new one.
 */
export const gatewayConfigMapFor = (platform: TiktokLite, configuration: string): Manifest<V1ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: childMeta(platform, 'gateway', `${childName(platform, 'gateway')}-${shortHash(configuration)}`),
  immutable: true,
  data: { 'nginx.conf': configuration },
});
