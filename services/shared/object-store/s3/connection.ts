import type * as Sdk from '@aws-sdk/client-s3';
import type { ObjectStoreSettings } from '../port.ts';

export type { S3Client } from '@aws-sdk/client-s3';

/** The SDK and a client of it. */
export interface Connection {
  sdk: typeof Sdk;
  client: Sdk.S3Client;
}

/**
 * The SDK takes 35 MB of memory and a third of a second: it is loaded at the first call that needs it. Addresses are
 * path-style, which every S3-compatible server understands behind any host name.
 */
export function connectLazily(settings: ObjectStoreSettings) {
  let connecting: Promise<Connection> | undefined;
  const connect = async (): Promise<Connection> => {
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({
      endpoint: settings.OBJECT_STORE_ENDPOINT,
      region: settings.OBJECT_STORE_REGION,
      forcePathStyle: true,
      credentials: credentialsOf(settings),
      // The newer default sends a trailing checksum that many S3-compatible servers refuse.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 },
    });
    return { sdk, client };
  };
  return {
    use: (): Promise<Connection> => {
      connecting ??= connect();
      return connecting;
    },
    close: () => void connecting?.then(({ client }) => client.destroy()),
  };
}

export type LazyConnection = ReturnType<typeof connectLazily>;

export const credentialsOf = (settings: ObjectStoreSettings) => ({
  accessKeyId: settings.OBJECT_STORE_ACCESS_KEY_ID,
  secretAccessKey: settings.OBJECT_STORE_SECRET_ACCESS_KEY,
});

/** Whether the store answered "there is no such thing". */
export const isNotFound = (error: unknown): boolean =>
  hasStatus(error, 404) || (error instanceof Error && ['NotFound', 'NoSuchKey', 'NoSuchBucket'].includes(error.name));

export const hasStatus = (error: unknown, ...statuses: number[]): boolean => {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
  return httpStatusCode !== undefined && statuses.includes(httpStatusCode);
};
