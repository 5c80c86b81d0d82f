import type OSS from 'ali-oss';
import { type Clients, isNotFound, isOssError } from './connection.ts';

interface Buckets {
  originals: string;
  media: string;
}

/** Makes what is missing, and changes nothing that is there already. Returns what a person has to see to. */
export async function prepareBuckets({ originals, media }: Clients, buckets: Buckets): Promise<string[]> {
  await createUnlessThere(originals, buckets.originals);
  await createUnlessThere(media, buckets.media);
  if (await letAnyoneRead(media, buckets.media)) return [];
  return [
    `OSS does not allow that the bucket ${buckets.media} becomes public: see to it that clients can read it under MEDIA_BASE_URL`,
  ];
}

async function createUnlessThere(client: OSS, bucket: string): Promise<void> {
  try {
    await client.getBucketInfo(bucket);
    return;
  } catch (error) {
    if (!isNotFound(error)) throw withWords(`the bucket ${bucket} cannot be looked at`, error);
  }
  try {
    await client.putBucket(bucket);
  } catch (error) {
    throw withWords(`the bucket ${bucket} cannot be made`, error);
  }
}

/** Accounts that block public access serve the bucket in a way of their own, for example through a CDN. */
async function letAnyoneRead(client: OSS, bucket: string): Promise<boolean> {
  try {
    const { acl } = await client.getBucketACL(bucket);
    if (acl === 'private') await client.putBucketACL(bucket, 'public-read');
    return true;
  } catch (error) {
    if (isOssError(error) && error.status === 403) return false;
    throw withWords(`the access to the bucket ${bucket} cannot be set`, error);
  }
}

const withWords = (words: string, cause: unknown): Error =>
  new Error(`${words}: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause });
