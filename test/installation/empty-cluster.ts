import { join } from 'node:path';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { createKubectl } from '../acceptance/kubectl.ts';
import { kubeconfig } from '../acceptance/platform.ts';

/** The namespace and the release that a person's first commands use. */
export const operatorNamespace = 'tiktok-lite-system';

const binary = join(cacheDirectory(), 'bin', 'current', 'kubectl');

export const kubectl = createKubectl(binary, kubeconfig, 'default');

/** For objects that name their namespaces themselves. */
export const anyNamespace = createKubectl(binary, kubeconfig, '');

const definition = 'tiktoklites.tiktoklite.dev';

/** Fails where somebody's platform runs: these tests install what a cluster has once, and take it away. */
export async function assertNoPlatform(): Promise<void> {
  if (!(await kubectl.exists('customresourcedefinition', definition))) return;
  const platforms = await kubectl('get', 'tiktoklite', '--all-namespaces', '--output', 'name');
  if (platforms.trim() !== '')
    throw new Error(`these tests need a cluster without a platform, and there is ${platforms.trim()}: run make down`);
}

/** An operator that never started has nothing to release: its finalizer would hold the object for ever. */
const letGo = () =>
  kubectl('patch', 'tiktoklite', 'demo', '--type=merge', '--patch', JSON.stringify({ metadata: { finalizers: null } }));

/** Takes away the platform with its data, its operator and the definition. */
export async function emptyCluster(): Promise<void> {
  if (await kubectl.exists('customresourcedefinition', definition)) {
    const keepNothing = JSON.stringify({ spec: { deletionPolicy: 'Delete' } });
    await kubectl('patch', 'tiktoklite', 'demo', '--type=merge', '--patch', keepNothing).catch(() => undefined);
    await kubectl('delete', 'tiktoklite', '--all', '--timeout=120s').catch(letGo);
  }
  await kubectl('delete', 'namespace', operatorNamespace, '--timeout=180s', '--ignore-not-found');
  for (const kind of ['clusterrole', 'clusterrolebinding'])
    await kubectl('delete', kind, '--selector', 'app.kubernetes.io/name=tiktok-lite-operator');
  await kubectl('delete', 'customresourcedefinition', definition, '--ignore-not-found', '--timeout=60s');
  await kubectl('wait', '--for=delete', 'pod', '--selector', 'app.kubernetes.io/name=tiktok-lite', '--timeout=180s');
}
