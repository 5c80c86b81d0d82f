import Value from 'typebox/value';
import { apiVersion, kind, Spec, type TiktokLite, type TiktokLiteSpec } from '../api/tiktok-lite.ts';

type Deep<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Deep<NonNullable<T[Key]>> }
    : T;

/** A TiktokLite as the API server would hand it out: what the test does not say has its default. */
export const buildPlatform = (
  spec: Deep<TiktokLiteSpec> = {},
  metadata: Partial<TiktokLite['metadata']> = {},
): TiktokLite => ({
  apiVersion,
  kind,
  metadata: {
    name: 'demo',
    namespace: 'shop',
    uid: '6f1d7b8c-0000-4000-8000-000000000001',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2030-01-01T00:00:00Z',
    ...metadata,
  },
  spec: Value.Default(Spec, structuredClone(spec)) as TiktokLiteSpec,
});

/** What a platform's processes log in with, in tests. */
export const someFacts = {
  publicUrl: 'http://127.0.0.1:30080',
  credentials: {
    database: { username: 'tiktok_lite', password: 'of-the-database', tls: 'off' },
    cache: { password: 'of-the-cache', tls: 'off' },
    kafka: { tls: 'off', sasl: 'none' },
    objectStore: { accessKeyId: 'key-id', secretAccessKey: 'of-the-store' },
    signingKeys: '[{"kid":"1","secret":"signs"}]',
  },
  warmUpRun: 'run',
};

/** What the operator's environment says about images, in tests. */
export const someImages = { related: {}, version: '1.2.3' };

/** An object store that is not ours, with media behind a CDN. */
export const externalStore = {
  s3: {
    endpoint: 'https://s3.example.org',
    originalsBucket: 'o-bucket',
    mediaBucket: 'm-bucket',
    credentialsSecretRef: { name: 'x' },
  },
  publicBaseUrl: 'https://cdn.example.org/m',
};
