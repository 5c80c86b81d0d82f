import type { V1Secret } from '@kubernetes/client-node';
import type { ComponentName } from '../../services/shared/settings.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { EmbeddedServer, SecretFile } from '../embedded-servers.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { childMeta } from './owner.ts';
import type { Settings } from './settings.ts';

/** The settings of a component that nobody else may see. */
export const settingsSecretFor = (
  platform: TiktokLite,
  component: ComponentName,
  settings: Settings,
): Manifest<V1Secret> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: childMeta(platform, component),
  type: 'Opaque',
  data: encoded(settings.secret),
});

/** The file with which an embedded server starts. */
export const serverSecretFor = (
  platform: TiktokLite,
  server: EmbeddedServer,
  { name, content }: SecretFile,
  generated: Record<string, string>,
): Manifest<V1Secret> => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: childMeta(platform, server.name),
  type: 'Opaque',
  data: encoded({ [name]: content(generated) }),
});

/** Secrets travel in base64. */
export const encoded = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

/** The texts of a Secret. */
export const decoded = (data: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
