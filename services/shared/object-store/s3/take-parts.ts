import type { CompletedPart } from '@aws-sdk/client-s3';
import type { PartTaker } from '../in-parts.ts';
import type { Connection } from './connection.ts';

interface NewS3Object {
  Bucket: string;
  Key: string;
  ContentType: string;
  CacheControl?: string;
}

/** How S3 takes an object, whole or in parts. */
export const takeParts = ({ sdk, client }: Connection, object: NewS3Object): PartTaker => ({
  putWhole: async (Body) => {
    await client.send(new sdk.PutObjectCommand({ ...object, Body }));
  },
  begin: async () => {
    const { Bucket, Key } = object;
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(object));
    const parts: CompletedPart[] = [];
    return {
      send: async (Body) => {
        const PartNumber = parts.length + 1;
        const { ETag } = await client.send(new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        parts.push({ PartNumber, ETag });
      },
      complete: async () => {
        const MultipartUpload = { Parts: parts };
        await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
      },
      abort: async () => {
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
      },
    };
  },
});
