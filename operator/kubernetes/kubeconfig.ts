import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { type ClusterAccess, type Credentials, remembered } from './access.ts';
import { type Clock, systemClock } from './clock.ts';

/**
 * The access that a kubeconfig gives, exec plug-ins and all. Imports @kubernetes/client-node when called:
 * the library weighs 60 MB and a second, which a pod in the cluster need not pay.
 */
export async function kubeconfigAccess(path: string | undefined, clock: Clock = systemClock): Promise<ClusterAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (path) config.loadFromFile(path);
    else config.loadFromDefault();
  } catch (cause) {
    throw new Error(`cannot read the kubeconfig ${path ?? 'of the environment'}`, { cause });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`the kubeconfig ${path ?? 'of the environment'} has no current context with a cluster`);
  if (cluster.proxyUrl) throw new Error(`the kubeconfig's proxy-url is not supported: remove it from ${cluster.name}`);
  return {
    server: new URL(cluster.server),
    credentials: remembered(() => credentialsOf(config), clock.monotonicMs),
  };
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
    headers: headersOf(options),
  };
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { ...basic, ...Object.fromEntries(given) };
}
