/**
 * How soon the operator of this project lists after its start, and what it weighs at rest with one object, in the two ways in
 * which it finds its API server: as a pod does, compiled beforehand as in the image, and by a kubeconfig. Needs root, for the
 * mount that stands for a pod's service account. Usage: node bench/operator/start.ts [seconds at rest=30]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defineResource, resources } from '../../operator/kubernetes/resources.ts';
import { tiktokLites } from '../../operator/mirrors.ts';
import { freePort } from '../../test/backends/child-server.ts';
import { type ApiServer, startApiServer } from '../../test/cluster/api-server.ts';
import { freshNamespace } from '../../test/cluster/api-server-shared.ts';
import { installDefinition, platformManifest } from '../../test/cluster/reconcile-fixture.ts';
import { eventually } from '../../test/eventually.ts';

const restSeconds = Number(process.argv[2] ?? 30);
const entryPoint = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
const command = [process.execPath, entryPoint] as const;
const directory = mkdtempSync(join(tmpdir(), 'tiktok-lite-start-'));
const settings = { PATH: process.env.PATH ?? '', OPERATOR_NAME: 'bench', HEALTH_PORT: String(await freePort()) };

/** Puts a folder where pods find their service account, in a mount namespace of its own, and becomes the command. */
const asPod = `mount -t tmpfs none /run && mkdir -p /run/secrets/kubernetes.io
  cp -r "$0" /run/secrets/kubernetes.io/serviceaccount && exec "$@"`;

const tokenRequests = defineResource<{ status: { token: string } }>({
  ...{ group: '', version: 'v1', plural: 'serviceaccounts/bench/token', kind: 'TokenRequest', namespaced: true },
});
const clusterRoleBindings = defineResource<{ roleRef: object; subjects: object[] }>({
  ...{ group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterrolebindings', kind: 'ClusterRoleBinding' },
  namespaced: false,
});

/** A service account that may do everything, as the files of its mount. */
async function serviceAccount({ client, accessOf }: ApiServer, namespace: string): Promise<string> {
  const account = { namespace, name: 'bench' };
  await client.create(resources.serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  await client.create(clusterRoleBindings, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: account, spec: {} };
  const { status } = await client.create(tokenRequests, request as never);
  const { ca } = (await accessOf('bench').credentials()).tls;
  writeFileSync(join(directory, 'token'), status.token, { mode: 0o600 });
  writeFileSync(join(directory, 'ca.crt'), String(ca));
  return directory;
}

/** By whichever name it was let in. */
const operatorRequests = ({ requestsOf }: ApiServer, namespace: string) =>
  ['administrator', `system:serviceaccount:${namespace}:bench`].flatMap(requestsOf);

async function report(server: ApiServer, way: string, start: (namespace: string) => Promise<() => ChildProcess>) {
  const namespace = await freshNamespace(server.client);
  const labels = { 'tiktoklite.dev/operator-class': namespace };
  await server.client.create(tiktokLites, platformManifest(namespace, {}, 'demo', labels));
  const begin = await start(namespace);
  const startedMs = Date.now();
  const child = begin();
  const ended = once(child, 'exit');
  try {
    const listed = await eventually('the operator lists', () =>
      operatorRequests(server, namespace).find(({ receivedMs, userAgent, verb }) => {
        return receivedMs >= startedMs && verb === 'list' && userAgent.startsWith('tiktok-lite-operator');
      }),
    );
    await pause(restSeconds * 1000);
    const rss = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    console.log(
      `${way}: first list ${listed.receivedMs - startedMs} ms after the start, ${rss.toFixed(0)} MiB at rest`,
    );
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const server = await startApiServer();
try {
  await installDefinition(server.client);
  await report(server, 'as a pod', async (namespace) => {
    const NODE_OPTIONS = '--max-semi-space-size=2';
    const compiled = { ...settings, NODE_OPTIONS, NODE_COMPILE_CACHE: join(directory, 'compile-cache') };
    spawnSync(process.execPath, [entryPoint], { env: { ...compiled, HEALTH_PORT: 'none' } });
    const mounted = await serviceAccount(server, namespace);
    const address = { KUBERNETES_SERVICE_HOST: server.url.hostname, KUBERNETES_SERVICE_PORT: server.url.port };
    const identity = { OPERATOR_CLASS: namespace, POD_NAME: 'bench', POD_NAMESPACE: namespace };
    const env = { ...compiled, ...address, ...identity };
    return () => spawn('unshare', ['--mount', 'sh', '-c', asPod, mounted, ...command], { env, stdio: 'ignore' });
  });
  await report(server, 'by a kubeconfig', async (namespace) => {
    const identity = { OPERATOR_CLASS: namespace, POD_NAME: 'bench', POD_NAMESPACE: namespace };
    const env = { ...settings, ...identity, KUBECONFIG: server.kubeconfigPath };
    return () => spawn(process.execPath, [entryPoint], { env, stdio: 'ignore' });
  });
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
