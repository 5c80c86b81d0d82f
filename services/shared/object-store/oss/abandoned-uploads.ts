import type OSS from 'ali-oss';
import { isNotFound } from './connection.ts';

interface Search {
  prefix: string;
  olderThanMs: number;
}

const uploadsOfOnePage = 1_000;

/** Aborts the multipart uploads of a bucket that were begun so long ago that nobody can be working on them any more. */
export async function abortAbandonedUploads(client: OSS, { prefix, olderThanMs }: Search): Promise<number> {
  const deadline = Date.now() - olderThanMs;
  let aborted = 0;
  let marker: object | undefined = {};
  while (marker) {
    const page: Awaited<ReturnType<OSS['listUploads']>> = await client.listUploads({
      prefix,
      'max-uploads': uploadsOfOnePage,
      ...marker,
    });
    for (const { name, uploadId, initiated } of page.uploads) {
      if (new Date(initiated).getTime() > deadline) continue;
      await client.abortMultipartUpload(name, uploadId).catch(unlessGone);
      aborted += 1;
    }
    marker = page.isTruncated
      ? { 'key-marker': page.nextKeyMarker, 'upload-id-marker': page.nextUploadIdMarker }
      : undefined;
  }
  return aborted;
}

/** Several processes may collect at the same time. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
