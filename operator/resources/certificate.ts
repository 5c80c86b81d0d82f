import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What a Secret of type kubernetes.io/tls holds, as PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** Why nginx would not start with it; undefined when it would. */
export function certificateComplaint({ certificate, key }: Certificate): string | undefined {
  const chain = attempt(() => new X509Certificate(certificate));
  if (!chain) return 'tls.crt is no certificate in PEM: put the chain there, the own certificate first';
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) return 'tls.key is no private key in PEM without a password: put the key of tls.crt there';
  return chain.checkPrivateKey(privateKey) ? undefined : 'tls.key is not the key of tls.crt: put a pair there';
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
