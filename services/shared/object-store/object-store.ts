import { createOssObjectStore } from './oss/store.ts';
import type { ObjectStore, ObjectStoreSettings } from './port.ts';
import { createS3ObjectStore } from './s3/store.ts';

export { type ObjectNames, objectNames } from './names.ts';
export type * from './port.ts';

/** The store that the settings name. Nothing is loaded or connected before the first call. */
export const createObjectStore = (settings: ObjectStoreSettings): ObjectStore =>
  settings.OBJECT_STORE_DRIVER === 'oss' ? createOssObjectStore(settings) : createS3ObjectStore(settings);
