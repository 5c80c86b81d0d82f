import { letOutWithMaintenance, type Proofs, readersOf, told, toldInSecret } from '../proof.ts';
import { volume } from './storage.ts';

const cache = { external: { host: 'redis.example.org', passwordSecretRef: { name: 'password' } } };
const redisOnVolume = { cache: { embedded: { storage: { ephemeral: false } } } };
const readers = readersOf.cache;

/** Proofs of the fields of `cache`. */
export const cacheProofs: Proofs = {
  'cache.embedded.storage.size': {
    to: '2Gi',
    makes: { 'StatefulSet demo-redis spec template spec volumes data emptyDir sizeLimit': '2Gi' },
  },
  'cache.embedded.storage.className': { given: redisOnVolume, ...volume('redis').className },
  'cache.embedded.storage.ephemeral': {
    given: redisOnVolume,
    to: true,
    makes: {
      ...volume('redis').ephemeral.makes,
      'StatefulSet demo-redis spec template spec containers redis args': /"--appendonly","no"/,
    },
  },
  'cache.external.mode': { given: { cache }, to: 'cluster', makes: told(readers, 'CACHE_MODE', 'cluster') },
  'cache.external.host': {
    given: { cache },
    to: 'other.example.org',
    makes: told(readers, 'CACHE_HOST', 'other.example.org'),
  },
  'cache.external.port': {
    given: { cache },
    to: 6380,
    makes: { ...told(readers, 'CACHE_PORT', '6380'), ...letOutWithMaintenance(readers, 2, 6380) },
  },
  'cache.external.tls.caSecretRef.name': {
    given: { cache: { external: { ...cache.external, tls: { caSecretRef: { name: 'old' } } } } },
    to: 'other',
    makes: told(readers, 'CACHE_TLS', 'of other'),
  },
  'cache.external.passwordSecretRef.name': {
    given: { cache },
    to: 'other',
    makes: toldInSecret(readers, 'CACHE_PASSWORD', 'password of other'),
  },
  'cache.keyPrefix': { to: 'clips', makes: told(readers, 'CACHE_KEY_PREFIX', 'clips') },
};
