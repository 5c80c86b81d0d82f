import type { Readable } from 'node:stream';
import type { SettingsOf } from '../settings.ts';

/** `originals`: private, what people uploaded. `media`: readable by anyone who knows the name. */
export type Bucket = 'originals' | 'media';

export interface ObjectAddress {
  bucket: Bucket;
  /** The whole name inside the bucket, as rows keep it; see names.ts. */
  path: string;
}

export interface NewObject extends ObjectAddress {
  contentType: string;
  cacheControl?: string;
}

export interface ObjectFacts {
  bytes: number;
  contentType: string;
}

export interface StoredObject extends ObjectFacts {
  body: Readable;
}

export interface ListedObject {
  path: string;
  bytes: number;
  modifiedAtMs: number;
}

/** Files, whoever keeps them. Nothing else imports a driver. */
export interface ObjectStore {
  /**
   * Stores what the body yields, in parts, with flat memory. The object exists once the body has ended well; of a body
   * that fails nothing is left.
   */
  put(object: NewObject, body: Buffer | Readable): Promise<void>;
  get(address: ObjectAddress): Promise<StoredObject | undefined>;
  head(address: ObjectAddress): Promise<ObjectFacts | undefined>;
  /** Deleting what is not there is a success. */
  delete(address: ObjectAddress): Promise<void>;
  list(bucket: Bucket, pathPrefix: string): AsyncIterable<ListedObject>;
  /** A link that opens one private object for everybody who has it, until it expires. */
  signedUrl(address: ObjectAddress, options?: { expiresInSeconds?: number }): Promise<string>;
  /** Removes the parts of uploads that their process left behind; returns how many uploads there were. */
  abortAbandonedUploads(options: { olderThanMs: number }): Promise<number>;
  /**
   * Makes the buckets where they are absent, `media` readable by anyone; safe to repeat. Returns what the store did not
   * allow and a person has to see to, in words.
   */
  prepare(): Promise<string[]>;
  close(): void;
}

export type ObjectStoreSettings = Pick<
  SettingsOf<'migrate'>,
  | 'OBJECT_STORE_DRIVER'
  | 'OBJECT_STORE_ENDPOINT'
  | 'OBJECT_STORE_PUBLIC_ENDPOINT'
  | 'OBJECT_STORE_REGION'
  | 'OBJECT_STORE_ACCESS_KEY_ID'
  | 'OBJECT_STORE_SECRET_ACCESS_KEY'
  | 'OBJECT_STORE_ORIGINALS_BUCKET'
  | 'OBJECT_STORE_MEDIA_BUCKET'
  | 'OBJECT_STORE_PREFIX'
>;
