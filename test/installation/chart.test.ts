import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../local/cache-directory.ts';
import { imageValues, isReady, kubeconfig } from '../acceptance/platform.ts';
import { eventually } from '../eventually.ts';
import { assertNoPlatform, emptyCluster, kubectl, operatorNamespace } from './empty-cluster.ts';

const root = join(import.meta.dirname, '..', '..');

describe('helm install', function () {
  this.timeout(600_000);

  before(assertNoPlatform);
  after(emptyCluster);

  it('ends on an empty cluster in a platform that is Ready', async () => {
    const values = Object.entries(await imageValues()).flatMap(([key, value]) => ['--set-string', `${key}=${value}`]);
    await promisify(execFile)(join(cacheDirectory(), 'bin', 'current', 'helm'), [
      ...['--kubeconfig', kubeconfig, 'install', 'tiktok-lite-operator', join(root, 'charts', 'tiktok-lite-operator')],
      ...['--namespace', operatorNamespace, '--create-namespace', '--wait', '--timeout', '120s', ...values],
    ]);
    await kubectl('apply', '--filename', join(root, 'manifests', 'samples', 'minimal.yaml'));
    await eventually('a Ready platform', async () => isReady(await kubectl.get('tiktoklite', 'demo')), 300);
  });
});
