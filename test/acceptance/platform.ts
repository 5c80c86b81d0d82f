import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { eventually } from '../eventually.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { createKubectl, type Kubectl, type KubernetesObject } from './kubectl.ts';

const run = promisify(execFile);
/** The loopback registry of the local cluster; kubelet and tests know it by the same name. */
export const registry = process.env.REGISTRY ?? '127.0.0.1:5050';
const root = join(import.meta.dirname, '..', '..');
const binary = (name: string): string => join(cacheDirectory(), 'bin', 'current', name);

/** Where the local cluster's administrator is described; a cluster of one's own choice by KUBECONFIG. */
export const kubeconfig = process.env.KUBECONFIG ?? '/var/lib/tiktok-lite/kubeconfig';

/** A platform that is Ready, in a namespace of its own, run by an operator of its own. */
export interface Platform {
  name: string;
  namespace: string;
  url: string;
  api: ApiClient;
  kubectl: Kubectl;
  operatorKubectl: Kubectl;
  /** The object as it was applied. */
  sample: object;
  /** Rows of a query as text, columns tab-separated, asked inside the database's pod. */
  queryDatabase(sql: string): Promise<string>;
}

/** The references of the images that `local/images.sh` built from this tree. */
export async function imageReferences(): Promise<Map<string, string>> {
  const { stdout } = await run(join(root, 'local', 'images.sh'), ['list', registry]);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
}

const splitReference = (reference: string): { repository: string; tag: string } => {
  const colon = reference.lastIndexOf(':');
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
};

/** What the chart has to be told to run the images of this tree. */
export async function imageValues(): Promise<Record<string, string>> {
  const references = await imageReferences();
  const operator = splitReference(references.get('operator') ?? '');
  const values: Record<string, string> = { 'image.repository': operator.repository, 'image.tag': operator.tag };
  for (const name of ['services', 'transcoder', 'gateway', 'mysql', 'redis', 'kafka', 'object-store']) {
    const key = name === 'object-store' ? 'objectStore' : name;
    values[`images.${key}`] = references.get(name) ?? '';
  }
  return values;
}

async function installOperator(release: string, namespace: string, kubectl: Kubectl): Promise<void> {
  const values: Record<string, string> = {
    ...(await imageValues()),
    operatorClass: release,
    // The definition belongs to the whole cluster: a platform that runs beside the tests brought it already.
    'crds.enabled': String(!(await kubectl.exists('customresourcedefinition', 'tiktoklites.tiktoklite.dev'))),
  };
  await run(binary('helm'), [
    ...['--kubeconfig', kubeconfig, 'install', release, join(root, 'charts', 'tiktok-lite-operator')],
    ...['--namespace', namespace, '--create-namespace', '--wait', '--timeout', '120s'],
    ...Object.entries(values)
      .flatMap(([key, value]) => ['--set-string', `${key}=${value}`])
      .map(asBoolean),
  ]);
}

/** helm takes a boolean only by --set; everything else is text. */
const asBoolean = (argument: string, index: number, all: string[]): string =>
  argument === '--set-string' && /=(true|false)$/.test(all[index + 1] ?? '') ? '--set' : argument;

/** Whether the object says Ready for what was last asked of it. */
export const isReady = ({ metadata, status }: KubernetesObject): boolean => {
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  const ready = conditions.find(({ type }) => type === 'Ready')?.status === 'True';
  return ready && status?.observedGeneration === metadata.generation;
};

/** A port of the node-port range on which nothing listens. */
async function freeNodePort(): Promise<number> {
  for (let port = 30100 + Math.floor(Math.random() * 2000); port < 32768; port += 1) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no port of the node-port range is free');
}

async function install(): Promise<Platform> {
  const id = `tkl-test-${randomBytes(3).toString('hex')}`;
  const operatorKubectl = createKubectl(binary('kubectl'), kubeconfig, `${id}-operator`);
  const kubectl = createKubectl(binary('kubectl'), kubeconfig, id);
  await kubectl('create', 'namespace', id);
  await kubectl('label', 'namespace', id, 'pod-security.kubernetes.io/enforce=restricted');
  installed = { id, kubectl };
  await installOperator(id, `${id}-operator`, kubectl);

  const nodePort = await freeNodePort();
  const sample = parse(await readFile(join(root, 'manifests', 'samples', 'minimal.yaml'), 'utf8'));
  sample.metadata.labels = { 'tiktoklite.dev/operator-class': id };
  sample.spec.gateway.service.nodePort = nodePort;
  const name: string = sample.metadata.name;
  await kubectl.apply(sample);

  const ready = await eventually(
    'a Ready platform',
    async () => {
      const object = await kubectl.get('tiktoklite', name);
      return isReady(object) ? object : undefined;
    },
    300,
  );
  const url = String(ready.status?.url);
  return {
    ...{ name, namespace: id, url, api: createApiClient(url), kubectl, operatorKubectl, sample },
    queryDatabase: async (sql) => {
      const client =
        'exec mariadb --user=root --password="$MARIADB_ROOT_PASSWORD" --batch --skip-column-names "$MARIADB_DATABASE" --execute="$0"';
      return (await kubectl('exec', `${name}-mysql-0`, '--', 'sh', '-c', client, sql)).trim();
    },
  };
}

let installed: { id: string; kubectl: Kubectl } | undefined;
let installation: Promise<Platform> | undefined;

/** The one platform of this run, installed when it is first asked for. */
export const sharedPlatform = (): Promise<Platform> => {
  installation ??= install();
  return installation;
};

/** Takes away what `sharedPlatform` brought, also when its installation failed half-way. */
export async function removePlatform(): Promise<void> {
  if (!installed) return;
  const { id, kubectl } = installed;
  await kubectl('delete', 'tiktoklite', '--all', '--timeout=120s', '--ignore-not-found').catch(() => undefined);
  await run(binary('helm'), ['--kubeconfig', kubeconfig, 'uninstall', id, '--namespace', `${id}-operator`]).catch(
    () => undefined,
  );
  // A namespace that still has pods is looked at again after half of the longest time that they may take to end.
  await kubectl('wait', '--for=delete', 'pod', '--all', '--timeout=120s').catch(() => undefined);
  await kubectl('delete', 'namespace', id, `${id}-operator`, '--timeout=180s', '--ignore-not-found');
}
