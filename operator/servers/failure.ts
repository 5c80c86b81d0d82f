/** Why a server cannot be used, in one word for the condition. */
export type FailureReason =
  | 'AddressUnknown'
  | 'ConnectionRefused'
  | 'NoAnswer'
  | 'CertificateRefused'
  | 'TlsRequired'
  | 'TlsMissing'
  | 'CredentialsRefused'
  | 'PermissionMissing'
  | 'DatabaseMissing'
  | 'WrongMode'
  | 'ClockSkewed'
  | 'ServerFailed';

export interface Failure {
  reason: FailureReason;
  /** What the server or the driver said; no secret is in it. */
  detail: string;
}

/** A check that came to an answer which is not good. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Of Node, mysql2 and the S3 SDK by code or name. */
const reasonByCode: Record<string, FailureReason> = {
  ENOTFOUND: 'AddressUnknown',
  EAI_AGAIN: 'AddressUnknown',
  ECONNREFUSED: 'ConnectionRefused',
  ETIMEDOUT: 'NoAnswer',
  EHOSTUNREACH: 'NoAnswer',
  ENETUNREACH: 'NoAnswer',
  TimeoutError: 'NoAnswer',
  ConnectionTimeoutError: 'NoAnswer',
  ResponseTimeoutError: 'NoAnswer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CertificateRefused',
  SELF_SIGNED_CERT_IN_CHAIN: 'CertificateRefused',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CertificateRefused',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CertificateRefused',
  CERT_HAS_EXPIRED: 'CertificateRefused',
  ERR_TLS_CERT_ALTNAME_INVALID: 'CertificateRefused',
  ER_SECURE_TRANSPORT_REQUIRED: 'TlsRequired',
  HANDSHAKE_NO_SSL_SUPPORT: 'TlsMissing',
  EPROTO: 'TlsMissing',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TlsMissing',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'TlsMissing',
  HANDSHAKE_SSL_ERROR: 'CertificateRefused',
  ER_ACCESS_DENIED_ERROR: 'CredentialsRefused',
  ER_DBACCESS_DENIED_ERROR: 'PermissionMissing',
  ER_HOST_NOT_PRIVILEGED: 'PermissionMissing',
  ER_BAD_DB_ERROR: 'DatabaseMissing',
  InvalidAccessKeyId: 'CredentialsRefused',
  XAdminUserNotFound: 'CredentialsRefused', // what versitygw says for it
  SignatureDoesNotMatch: 'CredentialsRefused',
  AccessDenied: 'PermissionMissing',
  RequestTimeTooSkewed: 'ClockSkewed',
  KafkaJSSASLAuthenticationError: 'CredentialsRefused',
};

/** Redis answers with a word in front of a sentence. */
const reasonByFirstWord: Record<string, FailureReason> = {
  WRONGPASS: 'CredentialsRefused',
  NOAUTH: 'CredentialsRefused',
  NOPERM: 'PermissionMissing',
  READONLY: 'PermissionMissing',
};

/** What an error of any driver means; those that wrap others are looked into. */
export function failureOf(error: unknown): Failure {
  const chain = causesOf(error);
  for (const one of chain) {
    if (one instanceof ServerError) return { reason: one.reason, detail: one.message };
    const code = 'code' in one && typeof one.code === 'string' ? one.code : '';
    const [firstWord = ''] = one.message.split(' ');
    const reason = reasonByCode[code] ?? reasonByCode[one.name] ?? reasonByFirstWord[firstWord];
    if (reason) return { reason, detail: one.message };
  }
  const [first] = chain;
  return { reason: 'ServerFailed', detail: first ? first.message || first.name : String(error) };
}

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error.cause ?? ('errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined);
  return [error, ...causesOf(inner)];
}
