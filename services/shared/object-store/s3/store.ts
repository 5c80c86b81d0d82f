import { Readable } from 'node:stream';
import { sendInParts } from '../in-parts.ts';
import type { Bucket, ObjectAddress, ObjectStore, ObjectStoreSettings, StoredObject } from '../port.ts';
import { abortAbandonedUploads } from './abandoned-uploads.ts';
import { orUnavailable } from './availability.ts';
import { type Connection, connectLazily, isNotFound } from './connection.ts';
import { prepareBuckets } from './prepare.ts';
import { createUrlSigner } from './signed-url.ts';
import { takeParts } from './take-parts.ts';

const defaultLinkSeconds = 3600;

/** Amazon S3 and what speaks its protocol: MinIO, Ceph, R2, versitygw. */
export function createS3ObjectStore(settings: ObjectStoreSettings): ObjectStore {
  const connection = connectLazily(settings);
  const signUrl = createUrlSigner(settings);
  const buckets = {
    originals: settings.OBJECT_STORE_ORIGINALS_BUCKET,
    media: settings.OBJECT_STORE_MEDIA_BUCKET,
  };
  const nameOf = ({ bucket, path }: ObjectAddress) => ({ Bucket: buckets[bucket], Key: path });

  return {
    put: async ({ contentType, cacheControl, ...address }, body) => {
      const object = {
        ...nameOf(address),
        ContentType: contentType,
        ...(cacheControl && { CacheControl: cacheControl }),
      };
      const taker = takeParts(await connection.use(), object);
      await orUnavailable(sendInParts(taker, Buffer.isBuffer(body) ? Readable.from([body]) : body));
    },

    get: async (address) => {
      const { sdk, client } = await connection.use();
      return absentWhereNotFound(async (): Promise<StoredObject> => {
        const answer = await client.send(new sdk.GetObjectCommand(nameOf(address)));
        if (!(answer.Body instanceof Readable)) throw new Error('the object store answered without a body');
        return { body: answer.Body, ...factsOf(answer) };
      });
    },

    head: async (address) => {
      const { sdk, client } = await connection.use();
      return absentWhereNotFound(async () => factsOf(await client.send(new sdk.HeadObjectCommand(nameOf(address)))));
    },

    delete: async (address) => {
      const { sdk, client } = await connection.use();
      await orUnavailable(client.send(new sdk.DeleteObjectCommand(nameOf(address))));
    },

    list: (bucket, pathPrefix) => listObjects(connection.use(), buckets[bucket], pathPrefix),

    signedUrl: ({ bucket, path }, { expiresInSeconds = defaultLinkSeconds } = {}) =>
      signUrl(`${buckets[bucket]}/${path}`, expiresInSeconds),

    abortAbandonedUploads: async ({ olderThanMs }) => {
      const prefix = `${settings.OBJECT_STORE_PREFIX}/`;
      const counts = (Object.keys(buckets) as Bucket[]).map(async (bucket) =>
        abortAbandonedUploads(await connection.use(), { bucket: buckets[bucket], prefix, olderThanMs }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },

    prepare: async () => prepareBuckets(await connection.use(), buckets),

    close: () => connection.close(),
  };
}

const factsOf = (answer: { ContentLength?: number | undefined; ContentType?: string | undefined }) => ({
  bytes: answer.ContentLength ?? 0,
  contentType: answer.ContentType ?? 'application/octet-stream',
});

async function absentWhereNotFound<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await orUnavailable(ask());
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function* listObjects(connecting: Promise<Connection>, bucket: string, prefix: string) {
  const { sdk, client } = await connecting;
  for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key !== undefined) yield { path: Key, bytes: Size ?? 0, modifiedAtMs: LastModified?.getTime() ?? 0 };
    }
  }
}
