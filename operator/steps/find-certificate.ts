import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Client } from '../kubernetes/client-types.ts';
import { resources } from '../kubernetes/resources.ts';
import { certificateComplaint } from '../resources/certificate.ts';
import { shortHash } from '../resources/names.ts';
import { decoded } from '../resources/secret.ts';
import { WaitError } from './step.ts';

/** A hash of the certificate that the gateway is to speak TLS with, which rolls it; undefined when it speaks plain HTTP. */
export async function findCertificate(
  client: Pick<Client, 'find'>,
  { metadata: { namespace }, spec }: TiktokLite,
): Promise<string | undefined> {
  const name = spec.gateway.tls?.secretRef.name;
  if (name === undefined) return undefined;
  const live = await client.find(resources.secrets, { namespace, name });
  if (!live) {
    throw new WaitError(
      'SecretMissing',
      `the Secret ${name} of spec.gateway.tls.secretRef does not exist: create it with kubectl create secret tls ${name} --namespace ${namespace} --cert=… --key=…`,
    );
  }
  const { 'tls.crt': certificate = '', 'tls.key': key = '' } = decoded(live.data);
  const complaint = certificateComplaint({ certificate, key });
  if (complaint)
    throw new WaitError('CertificateUnusable', `the Secret ${name} of spec.gateway.tls.secretRef: ${complaint}`);
  return shortHash(certificate + key);
}
