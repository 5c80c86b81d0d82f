import { isIP } from 'node:net';
import type OSS from 'ali-oss';
import type { Bucket, ObjectStoreSettings } from '../port.ts';

/** Clients of one bucket each; ali-oss has one bucket a client. */
export type Clients = Record<Bucket, OSS>;

const answerMs = 30_000;

type Options = OSS.Options & {
  /** `<endpoint>/<bucket>/…` instead of `<bucket>.<endpoint>/…`: what has no name of its own has none for buckets. */
  sldEnable: boolean;
};

/** The SDK is loaded at the first call that needs it. Requests and links are signed by version 4. */
export function connectLazily(settings: ObjectStoreSettings) {
  const clientOf = async (endpoint: string, bucket: string): Promise<OSS> => {
    const { default: Client } = await import('ali-oss');
    const { hostname, protocol } = new URL(endpoint);
    const options: Options = {
      endpoint,
      bucket,
      region: settings.OBJECT_STORE_REGION,
      accessKeyId: settings.OBJECT_STORE_ACCESS_KEY_ID,
      accessKeySecret: settings.OBJECT_STORE_SECRET_ACCESS_KEY,
      authorizationV4: true,
      secure: protocol === 'https:',
      timeout: answerMs,
      sldEnable: isIP(hostname) !== 0,
    };
    return new Client(options);
  };
  const both = async (endpoint: string): Promise<Clients> => ({
    originals: await clientOf(endpoint, settings.OBJECT_STORE_ORIGINALS_BUCKET),
    media: await clientOf(endpoint, settings.OBJECT_STORE_MEDIA_BUCKET),
  });

  let clients: Promise<Clients> | undefined;
  let publicClients: Promise<Clients> | undefined;
  return {
    use: (): Promise<Clients> => {
      clients ??= both(settings.OBJECT_STORE_ENDPOINT);
      return clients;
    },
    /** For links, which are made for the address at which a client reaches the store. */
    usePublic: (): Promise<Clients> => {
      publicClients ??= both(settings.OBJECT_STORE_PUBLIC_ENDPOINT);
      return publicClients;
    },
  };
}

interface OssError extends Error {
  /** Of HTTP; -1 where there was no answer, -2 where it came too late. */
  status: number;
  code?: string;
}

/** An answer of OSS that says no, or that there was none. */
export const isOssError = (error: unknown): error is OssError =>
  error instanceof Error && 'status' in error && typeof error.status === 'number';

/** Whether OSS answered "there is no such thing". */
export const isNotFound = (error: unknown): boolean => isOssError(error) && error.status === 404;
