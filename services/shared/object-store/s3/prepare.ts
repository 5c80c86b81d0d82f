import { type Connection, hasStatus, isNotFound } from './connection.ts';

interface Buckets {
  originals: string;
  media: string;
}

/** Makes what is missing, and changes nothing that is there already. Returns what a person has to see to. */
export async function prepareBuckets(connection: Connection, buckets: Buckets): Promise<string[]> {
  await createUnlessThere(connection, buckets.originals);
  await createUnlessThere(connection, buckets.media);
  if (await letAnyoneRead(connection, buckets.media)) return [];
  return [
    `the store does not allow a policy that makes the bucket ${buckets.media} public: see to it that clients can read it under MEDIA_BASE_URL`,
  ];
}

async function createUnlessThere({ sdk, client }: Connection, bucket: string): Promise<void> {
  try {
    await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }));
    return;
  } catch (error) {
    if (!isNotFound(error)) throw withWords(`the bucket ${bucket} cannot be looked at`, error);
  }
  try {
    await client.send(new sdk.CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const someoneWasFaster = error instanceof Error && error.name === 'BucketAlreadyOwnedByYou';
    if (!someoneWasFaster) throw withWords(`the bucket ${bucket} cannot be made`, error);
  }
}

/**
 * Stores without bucket policies, and accounts that forbid public ones, serve the bucket in a way of their own, for
 * example through a CDN: there it is enough to say so.
 */
async function letAnyoneRead({ sdk, client }: Connection, bucket: string): Promise<boolean> {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: [`arn:aws:s3:::${bucket}/*`],
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  try {
    if (await hasPolicy({ sdk, client }, bucket)) return true;
    await client.send(new sdk.PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    return true;
  } catch (error) {
    if (!hasStatus(error, 403, 405, 501)) throw withWords(`the policy of the bucket ${bucket} cannot be set`, error);
    return false;
  }
}

async function hasPolicy({ sdk, client }: Connection, bucket: string): Promise<boolean> {
  try {
    const { Policy } = await client.send(new sdk.GetBucketPolicyCommand({ Bucket: bucket }));
    return Policy !== undefined && Policy !== '';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

const withWords = (words: string, cause: unknown): Error =>
  new Error(`${words}: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause });
