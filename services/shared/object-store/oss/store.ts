import { Readable } from 'node:stream';
import type OSS from 'ali-oss';
import { sendInParts } from '../in-parts.ts';
import type { Bucket, ObjectStore, ObjectStoreSettings, StoredObject } from '../port.ts';
import { abortAbandonedUploads } from './abandoned-uploads.ts';
import { orAbsent, orUnavailable } from './availability.ts';
import { connectLazily } from './connection.ts';
import { prepareBuckets } from './prepare.ts';
import { takeParts } from './take-parts.ts';

const defaultLinkSeconds = 3600;

/** Alibaba Cloud OSS in its own protocol. */
export function createOssObjectStore(settings: ObjectStoreSettings): ObjectStore {
  const { use, usePublic } = connectLazily(settings);
  const buckets = {
    originals: settings.OBJECT_STORE_ORIGINALS_BUCKET,
    media: settings.OBJECT_STORE_MEDIA_BUCKET,
  };

  return {
    put: async ({ bucket, ...object }, body) => {
      const taker = takeParts((await use())[bucket], object);
      await orUnavailable(sendInParts(taker, Buffer.isBuffer(body) ? Readable.from([body]) : body));
    },

    get: async ({ bucket, path }) => {
      const client = (await use())[bucket];
      return orAbsent(
        client.getStream(path).then(({ stream, res }): StoredObject => ({ body: stream, ...factsOf(res) })),
      );
    },

    head: async ({ bucket, path }) => {
      const client = (await use())[bucket];
      return orAbsent(client.head(path).then(({ res }) => factsOf(res)));
    },

    delete: async ({ bucket, path }) => {
      await orUnavailable((await use())[bucket].delete(path));
    },

    list: async function* (bucket, pathPrefix) {
      yield* listObjects((await use())[bucket], pathPrefix);
    },

    signedUrl: async ({ bucket, path }, { expiresInSeconds = defaultLinkSeconds } = {}) =>
      (await usePublic())[bucket].signatureUrlV4('GET', expiresInSeconds, {}, path),

    abortAbandonedUploads: async ({ olderThanMs }) => {
      const clients = await use();
      const prefix = `${settings.OBJECT_STORE_PREFIX}/`;
      const counts = (Object.keys(buckets) as Bucket[]).map((bucket) =>
        abortAbandonedUploads(clients[bucket], { prefix, olderThanMs }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },

    prepare: async () => prepareBuckets(await use(), buckets),

    close: () => undefined, // its connections are shared by all clients and let the process end
  };
}

const factsOf = ({ headers }: OSS.NormalSuccessResponse) => {
  const { 'content-length': bytes, 'content-type': contentType } = headers as Record<string, string | undefined>;
  return { bytes: Number(bytes ?? 0), contentType: contentType ?? 'application/octet-stream' };
};

async function* listObjects(client: OSS, prefix: string) {
  let from: string | undefined;
  do {
    const query = { prefix, 'max-keys': '1000', ...(from && { 'continuation-token': from }) };
    const page = await orUnavailable(client.listV2(query));
    for (const { name, size, lastModified } of page.objects ?? [])
      yield { path: name, bytes: size, modifiedAtMs: new Date(lastModified).getTime() };
    from = page.isTruncated ? page.nextContinuationToken : undefined;
  } while (from);
}
