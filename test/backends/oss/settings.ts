import type { ObjectStoreSettings } from '../index.ts';
import type { OssEmulator } from './server.ts';

/** What a process is told to use buckets of these names. */
export const ossSettings = (oss: OssEmulator, name: string): ObjectStoreSettings => ({
  OBJECT_STORE_DRIVER: 'oss',
  OBJECT_STORE_ENDPOINT: oss.endpoint,
  OBJECT_STORE_PUBLIC_ENDPOINT: oss.endpoint,
  OBJECT_STORE_REGION: `oss-${oss.region}`,
  OBJECT_STORE_ACCESS_KEY_ID: oss.accessKeyId,
  OBJECT_STORE_SECRET_ACCESS_KEY: oss.accessKeySecret,
  OBJECT_STORE_ORIGINALS_BUCKET: `${name}-originals`,
  OBJECT_STORE_MEDIA_BUCKET: `${name}-media`,
  OBJECT_STORE_PREFIX: name,
});
