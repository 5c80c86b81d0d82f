import { externalStore } from '../../build-platform.ts';
import type { Effect } from '../effect.ts';
import { type GivenSpec, letOut, type Proofs, readersOf, told, toldInSecret } from '../proof.ts';
import { storageProofs } from './storage.ts';

const readers = readersOf.objectStore;

/** The page may show and play what is at the address of media, and nginx is another one. */
const pageShows = (address: string): Effect => ({
  'ConfigMap demo-gateway-# data nginx.conf': new RegExp(`img-src 'self' data: [^;]* ${address}`),
  'Deployment demo-gateway spec template spec volumes configuration configMap name': 'demo-gateway-#',
});

const inBuckets = (prefix: string): Effect => ({
  ...told(readers, 'OBJECT_STORE_ORIGINALS_BUCKET', `${prefix}-originals`),
  ...told(readers, 'OBJECT_STORE_MEDIA_BUCKET', `${prefix}-media`),
});

/** Proofs of what both stores have that people run themselves. */
const theirProofs = (form: 's3' | 'oss', given: GivenSpec): Proofs => ({
  [`objectStore.${form}.region`]: {
    given,
    to: 'eu-central-1',
    makes: told(readers, 'OBJECT_STORE_REGION', 'eu-central-1'),
  },
  [`objectStore.${form}.originalsBucket`]: {
    given,
    to: 'others',
    makes: {
      ...told(readers, 'OBJECT_STORE_ORIGINALS_BUCKET', 'others'),
      ...(form === 'oss' ? pageShows('https://others.oss-cn-hangzhou.aliyuncs.com') : {}),
    },
  },
  [`objectStore.${form}.mediaBucket`]: {
    given,
    to: 'others',
    makes: told(readers, 'OBJECT_STORE_MEDIA_BUCKET', 'others'),
  },
  [`objectStore.${form}.credentialsSecretRef.name`]: {
    given,
    to: 'other',
    makes: {
      ...toldInSecret(readers, 'OBJECT_STORE_ACCESS_KEY_ID', 'accessKeyId of other'),
      ...toldInSecret(readers, 'OBJECT_STORE_SECRET_ACCESS_KEY', 'secretAccessKey of other'),
    },
  },
});

const oss = {
  objectStore: {
    oss: { ...externalStore.s3, endpoint: 'https://oss-cn-hangzhou.aliyuncs.com' },
    publicBaseUrl: externalStore.publicBaseUrl,
  },
};

/** Proofs of the fields of `objectStore`. */
export const objectStoreProofs: Proofs = {
  ...storageProofs('objectStore', 'object-store'),
  ...theirProofs('s3', { objectStore: externalStore }),
  ...theirProofs('oss', oss),
  'objectStore.s3.endpoint': {
    given: { objectStore: externalStore },
    to: 'https://store.example.org:9000',
    makes: {
      ...told(readers, 'OBJECT_STORE_ENDPOINT', 'https://store.example.org:9000'),
      ...told(readers, 'OBJECT_STORE_PUBLIC_ENDPOINT', 'https://store.example.org:9000'),
      ...letOut(['video', 'publish', 'transcoder'], 4, 9000),
      ...letOut(['migrate'], 2, 9000),
      ...pageShows('https://store.example.org:9000'),
    },
  },
  'objectStore.oss.endpoint': {
    given: oss,
    to: 'https://oss-cn-beijing.aliyuncs.com:8443',
    makes: {
      ...told(readers, 'OBJECT_STORE_ENDPOINT', 'https://oss-cn-beijing.aliyuncs.com:8443'),
      ...told(readers, 'OBJECT_STORE_PUBLIC_ENDPOINT', 'https://oss-cn-beijing.aliyuncs.com:8443'),
      ...letOut(['video', 'publish', 'transcoder'], 4, 8443),
      ...letOut(['migrate'], 2, 8443),
      ...pageShows('https://o-bucket.oss-cn-beijing.aliyuncs.com:8443'),
    },
  },
  'objectStore.oss.publicEndpoint': {
    given: oss,
    to: 'https://oss-accelerate.aliyuncs.com',
    makes: {
      ...told(readers, 'OBJECT_STORE_PUBLIC_ENDPOINT', 'https://oss-accelerate.aliyuncs.com'),
      ...pageShows('https://o-bucket.oss-accelerate.aliyuncs.com'),
    },
  },
  'objectStore.publicBaseUrl': {
    given: { objectStore: externalStore },
    to: 'https://other.example.org/m',
    makes: {
      ...told(['user', 'video'], 'MEDIA_BASE_URL', 'https://other.example.org/m'),
      ...pageShows('https://other.example.org'),
    },
  },
  'objectStore.prefix': {
    to: 'clips',
    makes: {
      ...inBuckets('clips'),
      ...told(readers, 'OBJECT_STORE_PREFIX', 'clips'),
      ...told(['user', 'video'], 'MEDIA_BASE_URL', 'http://127.0.0.1:31234/clips-media'),
      'ConfigMap demo-gateway-# data nginx.conf': 'location /clips-originals/ { location /clips-media/ {',
      'Deployment demo-gateway spec template spec volumes configuration configMap name': 'demo-gateway-#',
    },
  },
};
