import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { createKubectl } from './kubectl.ts';
import { kubeconfig, removePlatform, sharedPlatform } from './platform.ts';

const everywhere = createKubectl(join(cacheDirectory(), 'bin', 'current', 'kubectl'), kubeconfig, 'default');

/** Generation and identity of everything that other platforms of this cluster consist of. */
async function bystanders(): Promise<Record<string, string>> {
  const kinds = 'deployment,statefulset,service,job,persistentvolumeclaim';
  const objects = await everywhere.list(
    kinds,
    '--all-namespaces',
    '-l',
    'app.kubernetes.io/managed-by=tiktok-lite-operator',
  );
  return Object.fromEntries(
    objects
      .map(({ metadata }) => metadata as typeof metadata & { namespace: string })
      .filter(({ namespace }) => !namespace.startsWith('tkl-test-'))
      .map(({ namespace, name, uid, generation }) => [`${namespace}/${name}`, `${uid} ${generation}`]),
  );
}

let before: Record<string, string>;

// A run that is told to end takes its namespaces with it.
process.once('SIGTERM', () => {
  removePlatform().finally(() => process.exit(143));
});

/** Root hooks of mocha: one platform for the run, and proof that a platform which ran beside it was left untouched. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(420_000);
    before = await bystanders();
    await sharedPlatform();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(420_000);
    await removePlatform();
    assert.deepEqual(await bystanders(), before);
  },
};
