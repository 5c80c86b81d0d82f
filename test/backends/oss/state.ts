import { randomBytes } from 'node:crypto';

export interface KeptObject {
  body: Buffer;
  contentType: string;
  cacheControl: string | undefined;
  modifiedAt: Date;
}

interface KeptUpload {
  key: string;
  begunAt: Date;
  contentType: string;
  cacheControl: string | undefined;
  parts: Map<number, Buffer>;
}

interface KeptBucket {
  acl: 'private' | 'public-read';
  objects: Map<string, KeptObject>;
  uploads: Map<string, KeptUpload>;
}

export type Buckets = Map<string, KeptBucket>;

export const newBucket = (): KeptBucket => ({ acl: 'private', objects: new Map(), uploads: new Map() });

export const newUploadId = (): string => randomBytes(16).toString('hex').toUpperCase();
