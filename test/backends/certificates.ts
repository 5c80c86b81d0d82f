import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './child-server.ts';

/** A certificate and its key, in PEM. */
export interface KeyPair {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
}

/** A certificate authority in a folder of its own, for one server. Node can read certificates but not make them. */
export interface Authority extends KeyPair {
  /** For a user or a server; `groups` are the organisations of the subject. */
  issue: (name: string, subject: { groups?: string[]; addresses?: string[] }) => KeyPair;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const days = ['-days', '2'];

export function createAuthority(directory: string): Authority {
  const make = (name: string, args: string[]): KeyPair => {
    const certFile = join(directory, `${name}.crt`);
    const keyFile = join(directory, `${name}.key`);
    runToEnd('openssl', ['req', '-x509', ...newKey, ...days, '-keyout', keyFile, '-out', certFile, ...args]);
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  };
  const usage = 'keyUsage=critical,keyCertSign,digitalSignature';
  const authority = make('ca', ['-subj', '/CN=test', '-addext', usage]);

  return {
    ...authority,
    issue: (name, { groups = [], addresses = [] }) => {
      const subject = `${groups.map((group) => `/O=${group}`).join('')}/CN=${name}`;
      const names = addresses.length > 0 ? ['-addext', `subjectAltName=${addresses.join(',')}`] : [];
      return make(fileName(name), [
        ...['-CA', authority.certFile, '-CAkey', authority.keyFile, '-subj', subject, ...names],
        ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
      ]);
    },
  };
}

const fileName = (name: string): string => name.replaceAll(/[^a-z0-9-]/gi, '-');
