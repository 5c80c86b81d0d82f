import assert from 'node:assert/strict';
import { failureOf, ServerError } from './failure.ts';

const coded = (code: string, message = 'said so') => Object.assign(new Error(message), { code });
const named = (name: string, message = 'said so') => Object.assign(new Error(message), { name });

describe('why a server cannot be used', () => {
  for (const [reason, what, error] of [
    ['AddressUnknown', 'a name that nobody knows', coded('ENOTFOUND')],
    ['AddressUnknown', 'a resolver that does not answer', coded('EAI_AGAIN')],
    ['ConnectionRefused', 'a port that nobody listens on', coded('ECONNREFUSED')],
    ['NoAnswer', 'silence', coded('ETIMEDOUT')],
    ['NoAnswer', 'silence of a store', named('TimeoutError')],
    ['CertificateRefused', 'a certificate that nobody signed', coded('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['CredentialsRefused', 'a wrong password of MySQL', coded('ER_ACCESS_DENIED_ERROR')],
    ['CredentialsRefused', 'a wrong password of Redis', new Error('WRONGPASS invalid username-password pair')],
    ['CredentialsRefused', 'no password for Redis', new Error('NOAUTH Authentication required.')],
    ['CredentialsRefused', 'an unknown key of a store', named('InvalidAccessKeyId')],
    ['CredentialsRefused', 'a wrong secret of a store', named('SignatureDoesNotMatch')],
    ['PermissionMissing', 'a schema of others', coded('ER_DBACCESS_DENIED_ERROR')],
    ['PermissionMissing', 'a replica', new Error("READONLY You can't write against a read only replica.")],
    ['PermissionMissing', 'a user of Redis with few rights', new Error('NOPERM User clips has no permissions')],
    ['PermissionMissing', 'a bucket of others', named('AccessDenied')],
    ['DatabaseMissing', 'a schema that is not there', coded('ER_BAD_DB_ERROR')],
    ['ClockSkewed', 'a clock that is wrong', named('RequestTimeTooSkewed')],
    ['WrongMode', 'what a check found out itself', new ServerError('WrongMode', 'said so')],
    ['ConnectionRefused', 'an error inside another', new Error('gave up', { cause: coded('ECONNREFUSED') })],
    ['ConnectionRefused', 'each of several addresses', new AggregateError([coded('ECONNREFUSED')], '')],
    ['ServerFailed', 'anything else', new Error('out of memory')],
    ['ServerFailed', 'what is no error', 'a text'],
  ] as const) {
    it(`is ${reason} for ${what}`, () => {
      assert.equal(failureOf(error).reason, reason);
      assert.ok(failureOf(error).detail);
    });
  }
});
