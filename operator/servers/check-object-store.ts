import { isIP } from 'node:net';
import { ServerError } from './failure.ts';
import type { ObjectStoreTarget } from './target.ts';

/** Lists one name of a bucket. */
type ListOne = (bucket: string) => Promise<unknown>;

/** Lists each bucket, which the platform does too; one that is not there yet is made before the services start. */
export async function checkObjectStore(target: ObjectStoreTarget, patienceMs: number): Promise<void> {
  const { listOne, close } = await (target.driver === 'oss' ? overOss : overS3)(target, patienceMs);
  try {
    for (const bucket of target.buckets) await listOne(bucket).catch(unlessAbsent(bucket));
  } finally {
    close();
  }
}

type Connect = (target: ObjectStoreTarget, patienceMs: number) => Promise<{ listOne: ListOne; close: () => void }>;

const overS3: Connect = async ({ endpoint, region, prefix, accessKeyId, secretAccessKey }, patienceMs) => {
  const { ListObjectsV2Command, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: patienceMs, requestTimeout: patienceMs, throwOnRequestTimeout: true },
  });
  const listOne: ListOne = (Bucket) => client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }));
  return { listOne, close: () => client.destroy() };
};

const overOss: Connect = async ({ endpoint, region, prefix, accessKeyId, secretAccessKey }, patienceMs) => {
  const { default: OSS } = await import('ali-oss');
  const { hostname, protocol } = new URL(endpoint);
  const options = {
    ...{ endpoint, region, accessKeyId, accessKeySecret: secretAccessKey, authorizationV4: true, timeout: patienceMs },
    ...{ secure: protocol === 'https:', sldEnable: isIP(hostname) !== 0 },
  };
  const listOne: ListOne = (bucket) => new OSS({ ...options, bucket }).listV2({ prefix, 'max-keys': '1' });
  return { listOne, close: () => undefined };
};

const unlessAbsent = (bucket: string) => (error: unknown) => {
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error ? error.code : error.name;
  if (code === 'NoSuchBucket' || error.name === 'NoSuchBucket') return;
  if (code === 'AccessDenied' || error.name === 'AccessDenied')
    throw new ServerError('PermissionMissing', `the bucket ${bucket} may not be listed`);
  throw error;
};
