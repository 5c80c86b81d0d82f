import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClusterAccess, remembered } from './access.ts';
import { type Clock, systemClock } from './clock.ts';

const mountedDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

interface InClusterOptions {
  /** Values of KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. */
  host: string;
  port: string;
  directory?: string;
  clock?: Clock;
}

/** The access of a pod: address from its environment, certificate and token from the mounted files, which rotate. */
export function inClusterAccess({
  host,
  port,
  directory = mountedDirectory,
  clock = systemClock,
}: InClusterOptions): ClusterAccess {
  const read = async () => {
    const [ca, token] = await Promise.all([mounted(directory, 'ca.crt'), mounted(directory, 'token')]);
    return { tls: { ca }, headers: { authorization: `Bearer ${token.trim()}` } };
  };
  const address = host.includes(':') ? `[${host}]` : host;
  return { server: new URL(`https://${address}:${port}`), credentials: remembered(read, clock.monotonicMs) };
}

async function mounted(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), 'utf8');
  } catch (cause) {
    throw new Error(
      `cannot read ${join(directory, file)}: the pod needs a service account with automountServiceAccountToken; outside a cluster, give a kubeconfig`,
      { cause },
    );
  }
}
