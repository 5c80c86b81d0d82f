import { letOutWithMaintenance, type Proofs, readersOf, told, toldInSecret } from '../proof.ts';
import { storageProofs } from './storage.ts';

const database = {
  external: { host: 'db.example.org', database: 'clips', credentialsSecretRef: { name: 'login' } },
};
const readers = readersOf.database;

/** Proofs of the fields of `database`. */
export const databaseProofs: Proofs = {
  ...storageProofs('database', 'mysql'),
  'database.external.host': {
    given: { database },
    to: 'other.example.org',
    makes: told(readers, 'DATABASE_HOST', 'other.example.org'),
  },
  'database.external.port': {
    given: { database },
    to: 4000,
    makes: { ...told(readers, 'DATABASE_PORT', '4000'), ...letOutWithMaintenance(readers, 1, 4000) },
  },
  'database.external.database': {
    given: { database },
    to: 'shorts',
    makes: told(readers, 'DATABASE_NAME', 'shorts'),
  },
  'database.external.tls.caSecretRef.name': {
    given: { database: { external: { ...database.external, tls: { caSecretRef: { name: 'old' } } } } },
    to: 'other',
    makes: told(readers, 'DATABASE_TLS', 'of other'),
  },
  'database.external.credentialsSecretRef.name': {
    given: { database },
    to: 'other',
    makes: {
      ...toldInSecret(readers, 'DATABASE_USER', 'username of other'),
      ...toldInSecret(readers, 'DATABASE_PASSWORD', 'password of other'),
    },
  },
};
