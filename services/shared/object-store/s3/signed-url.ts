import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { ObjectStoreSettings } from '../port.ts';
import { credentialsOf } from './connection.ts';

/**
 * Signs links for the address under which clients reach the store, which is not the one that the processes use. The
 * presigner alone takes a third of the memory of the whole SDK, so that a process that only signs stays small.
 */
export function createUrlSigner(settings: ObjectStoreSettings) {
  const load = async () => {
    const { S3RequestPresigner } = await import('@aws-sdk/s3-request-presigner');
    return new S3RequestPresigner({
      region: settings.OBJECT_STORE_REGION,
      credentials: credentialsOf(settings),
      sha256: Sha256,
    });
  };
  let loading: ReturnType<typeof load> | undefined;
  const base = new URL(settings.OBJECT_STORE_PUBLIC_ENDPOINT);

  return async (path: string, expiresInSeconds: number): Promise<string> => {
    loading ??= load();
    const presigner = await loading;
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), `${base.href.replace(/\/$/, '')}/`);
    const signed = await presigner.presign(
      {
        method: 'GET',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port ? { port: Number(url.port) } : {}),
        path: url.pathname,
        query: {},
        headers: { host: url.host },
      },
      { expiresIn: expiresInSeconds },
    );
    url.search = new URLSearchParams(signed.query as Record<string, string>).toString();
    return url.href;
  };
}

/** The hash that the presigner asks for: SHA-256, or HMAC of it when there is a key. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #secret: string | ArrayBuffer | ArrayBufferView | undefined;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret;
    this.#hash = this.#start();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#start();
  }

  #start(): Hash | Hmac {
    const secret = this.#secret;
    if (secret === undefined) return createHash('sha256');
    if (secret instanceof ArrayBuffer) return createHmac('sha256', Buffer.from(secret));
    return createHmac('sha256', typeof secret === 'string' ? secret : viewOf(secret));
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
