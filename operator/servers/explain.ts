import type { Failure, FailureReason } from './failure.ts';
import type { ServerTarget } from './target.ts';
import { addressText } from './target.ts';

/** Where the object speaks of a server, and of what is logged in with. */
interface Fields {
  server: string;
  login: string;
}

function fieldsOf(target: ServerTarget): Fields {
  const about = (server: string, login: string): Fields => ({ server, login: `${server}.${login}` });
  switch (target.kind) {
    case 'database':
      return about('spec.database.external', 'credentialsSecretRef');
    case 'cache':
      return about('spec.cache.external', 'passwordSecretRef');
    case 'kafka':
      return about('spec.kafka.external', 'sasl.credentialsSecretRef');
    case 'objectStore':
      return about(`spec.objectStore.${target.driver}`, 'credentialsSecretRef');
  }
}

type Words = (fields: Fields, detail: string) => string;

const words: Record<FailureReason, Words> = {
  AddressUnknown: ({ server }) => `cannot be resolved: correct the name in ${server}`,
  ConnectionRefused: ({ server }) =>
    `refuses connections: see whether it runs, and whether ${server} names the right port`,
  NoAnswer: () => 'does not answer: see whether it runs, and whether a firewall or a NetworkPolicy is in the way',
  CertificateRefused: ({ server }, detail) =>
    `has a certificate that cannot be trusted (${detail}): name its authority in ${server}.tls.caSecretRef, and see whether it is for this host`,
  TlsRequired: ({ server }) => `takes connections by TLS alone: write tls: {} in ${server}`,
  TlsMissing: ({ server }) => `does not speak TLS at this port: remove tls from ${server}, or name another port`,
  CredentialsRefused: ({ login }) => `refuses the credentials: correct the Secret of ${login}`,
  PermissionMissing: ({ login }, detail) =>
    `does not permit what is needed (${detail}): permit it to the user of ${login}`,
  DatabaseMissing: ({ server }, detail) => `has no such schema (${detail}): create it, or correct ${server}.database`,
  WrongMode: ({ server }, detail) => `${detail}: correct ${server}.mode`,
  ClockSkewed: () => 'has another time than the operator: correct the clock of one of them',
  ServerFailed: (_, detail) => `cannot be used: ${detail}`,
};

/** A sentence for the condition: which server, what is wrong, what to do. */
export const explain = (target: ServerTarget, { reason, detail }: Failure): string =>
  `${addressText(target)} ${words[reason](fieldsOf(target), detail)}`;
