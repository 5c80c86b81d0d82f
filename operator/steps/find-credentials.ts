import type { Sasl } from '../api/kafka.ts';
import type { Tls } from '../api/server.ts';
import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { resources } from '../kubernetes/resources.ts';
import { kafkaAddress } from '../resources/addresses.ts';
import { decoded } from '../resources/secret.ts';
import type { Credentials } from '../resources/settings.ts';
import { generatedSecrets } from '../secrets/generated.ts';
import { keepSecret, type SecretKeeper } from '../secrets/keep.ts';
import type { KafkaAccess } from '../servers/kafka-client.ts';
import { type Done, WaitError } from './step.ts';

type Values<Key extends string = string> = Record<Key, string>;

export interface FoundCredentials {
  credentials: Credentials;
  /** The data of each generated Secret, by its name without the platform's. */
  generated: Partial<Record<string, Values>>;
}

/** What every process logs in with: generated Secrets, made and kept, and those that the object refers to. */
export async function findCredentials(keeper: SecretKeeper, platform: TiktokLite): Promise<Done<FoundCredentials>> {
  const { database, cache, objectStore } = platform.spec;
  const generated = await keepGenerated(keeper, platform);
  const from = { client: keeper.client, namespace: platform.metadata.namespace, generated };
  const credentials: Credentials = {
    database: {
      ...(await valuesFrom(from, {
        generated: 'database',
        field: 'database.external.credentialsSecretRef',
        name: database.external?.credentialsSecretRef.name,
        keys: ['username', 'password'],
      })),
      tls: await tlsFrom(from, 'database.external.tls', database.external?.tls),
    },
    cache: {
      ...(await valuesFrom(from, {
        generated: 'cache',
        field: 'cache.external.passwordSecretRef',
        name: cache.external?.passwordSecretRef.name,
        keys: ['password'],
      })),
      tls: await tlsFrom(from, 'cache.external.tls', cache.external?.tls),
    },
    kafka: await kafkaLogin(from, platform),
    objectStore: await valuesFrom(from, {
      generated: 'object-store',
      field: `objectStore.${objectStore.oss ? 'oss' : 's3'}.credentialsSecretRef`,
      name: (objectStore.s3 ?? objectStore.oss)?.credentialsSecretRef.name,
      keys: ['accessKeyId', 'secretAccessKey'],
    }),
    signingKeys: generated['signing-keys']?.keys ?? '',
  };
  const names = Object.keys(generated).join(', ');
  return {
    reason: 'SecretsInPlace',
    message: `generated Secrets are kept: ${names}`,
    value: { credentials, generated },
  };
}

/** How the operator itself gets to the Kafka of a platform: where its brokers are, and what they are logged in to with. */
export async function findKafkaAccess(client: Client, platform: TiktokLite): Promise<KafkaAccess> {
  const from = { client, namespace: platform.metadata.namespace, generated: {} };
  return { brokers: kafkaAddress(platform).brokers, ...(await kafkaLogin(from, platform)) };
}

async function kafkaLogin(from: Source, { spec }: TiktokLite): Promise<Credentials['kafka']> {
  const { external } = spec.kafka;
  return {
    tls: await tlsFrom(from, 'kafka.external.tls', external?.tls),
    sasl: await saslFrom(from, external?.sasl),
  };
}

async function keepGenerated(keeper: SecretKeeper, platform: TiktokLite): Promise<Partial<Record<string, Values>>> {
  const wanted = generatedSecrets.filter((secret) => secret.wanted(platform.spec));
  const entries = wanted.map(async (secret) => [secret.name, await keepSecret(keeper, platform, secret)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

interface Source {
  client: Client;
  namespace: string;
  generated: Partial<Record<string, Values>>;
}

interface Wanted<Key extends string> {
  /** The generated Secret to take when the object refers to none. */
  generated: string;
  field: string;
  name: string | undefined;
  keys: readonly Key[];
}

/** The values of a Secret that the object refers to, else of the generated one. */
async function valuesFrom<Key extends string>(source: Source, wanted: Wanted<Key>): Promise<Values<Key>> {
  const { field, name, keys } = wanted;
  const values = name === undefined ? source.generated[wanted.generated] : await referred(source, name);
  if (!values) {
    throw new WaitError(
      'SecretMissing',
      `the Secret ${name} of spec.${field} does not exist: create it with ${keys.join(', ')}`,
    );
  }
  const missing = keys.filter((key) => !values[key]);
  if (missing.length > 0) {
    throw new WaitError(
      'SecretMissing',
      `the Secret ${name} of spec.${field} lacks ${missing.join(', ')}: add what is missing`,
    );
  }
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? ''])) as Values<Key>;
}

/** Whom processes trust of a server that speaks TLS, as their settings have it. */
async function tlsFrom(source: Source, field: string, tls: Tls | undefined): Promise<string> {
  if (!tls) return 'off';
  const name = tls.caSecretRef?.name;
  if (name === undefined) return 'system';
  const wanted = { generated: 'none', field: `${field}.caSecretRef`, name, keys: ['ca.crt'] } as const;
  const { 'ca.crt': authorities } = await valuesFrom(source, wanted);
  if (authorities.includes('-----BEGIN CERTIFICATE-----')) return authorities.slice(authorities.indexOf('-----BEGIN'));
  throw new WaitError(
    'CertificateUnusable',
    `the Secret ${name} of spec.${field}.caSecretRef has no certificate in ca.crt: put the certificates of the authority there, in PEM`,
  );
}

/** What brokers are logged in to with, as the setting has it. */
async function saslFrom(source: Source, sasl: Sasl | undefined): Promise<string> {
  if (!sasl) return 'none';
  const { name } = sasl.credentialsSecretRef;
  const field = 'kafka.external.sasl.credentialsSecretRef';
  const login = await valuesFrom(source, { generated: 'none', field, name, keys: ['username', 'password'] });
  return JSON.stringify({ mechanism: sasl.mechanism, ...login });
}

async function referred({ client, namespace }: Source, name: string): Promise<Values | undefined> {
  const live = await client.find(resources.secrets, { namespace, name });
  return live && decoded(live.data);
}
