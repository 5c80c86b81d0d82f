import type OSS from 'ali-oss';
import type { PartTaker } from '../in-parts.ts';

interface NewOssObject {
  path: string;
  contentType: string;
  cacheControl?: string | undefined;
}

/** How OSS takes an object, whole or in parts. */
export function takeParts(client: OSS, { path, contentType, cacheControl }: NewOssObject): PartTaker {
  const options = { mime: contentType, headers: { ...(cacheControl && { 'Cache-Control': cacheControl }) } };
  return {
    putWhole: async (body) => {
      await client.put(path, body, options);
    },
    begin: async () => {
      const { uploadId } = await client.initMultipartUpload(path, options);
      const parts: { number: number; etag: string }[] = [];
      return {
        send: async (part) => {
          const number = parts.length + 1;
          const { etag } = await client.uploadPart(path, uploadId, number, part, 0, part.length);
          parts.push({ number, etag });
        },
        complete: async () => {
          await client.completeMultipartUpload(path, uploadId, parts);
        },
        abort: async () => {
          await client.abortMultipartUpload(path, uploadId).catch(() => undefined);
        },
      };
    },
  };
}
