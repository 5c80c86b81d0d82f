import { type Connection, isNotFound } from './connection.ts';

interface Search {
  bucket: string;
  prefix: string;
  olderThanMs: number;
}

/** Aborts the multipart uploads of a bucket that were begun so long ago that nobody can be working on them any more. */
export async function abortAbandonedUploads({ sdk, client }: Connection, search: Search): Promise<number> {
  const { bucket, prefix, olderThanMs } = search;
  const deadline = Date.now() - olderThanMs;
  let aborted = 0;
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker) {
    const page: Awaited<ReturnType<typeof list>> = await list(marker);
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Initiated || Initiated.getTime() > deadline) continue;
      const abort = new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
      await client.send(abort).catch(unlessGone);
      aborted += 1;
    }
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' }
      : undefined;
  }
  return aborted;

  function list(from: { KeyMarker?: string; UploadIdMarker?: string }) {
    return client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
  }
}

/** Several processes may collect at the same time. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
