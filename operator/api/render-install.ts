import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../local/cache-directory.ts';

const chart = fileURLToPath(new URL('../../charts/tiktok-lite-operator', import.meta.url));

/** Where `kubectl apply -f` installs to. */
const namespace = 'tiktok-lite-system';

/** The oldest Kubernetes that the chart accepts: what it renders for this one, newer ones take too. */
const kubeVersion = '1.30.0';

export const installManifest = new URL('../../manifests/install.yaml', import.meta.url);

/** The chart with its default values as one file, for those who do not use Helm. */
export function renderInstall(): string {
  const rendered = execFileSync(
    helm(),
    [
      'template',
      'tiktok-lite-operator',
      chart,
      `--namespace=${namespace}`,
      `--kube-version=${kubeVersion}`,
      '--set=crds.keep=false',
    ],
    { encoding: 'utf8' },
  );
  const objects = rendered
    .replace(/^# Source: .*\n/gm, '')
    .replace(/^ *helm\.sh\/chart: .*\n/gm, '')
    .replaceAll('app.kubernetes.io/managed-by: Helm', 'app.kubernetes.io/managed-by: kubectl');
  return `# Generated from charts/tiktok-lite-operator by \`npm run generate\`: change the chart.
apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
${objects}`;
}

function helm(): string {
  const path = join(cacheDirectory(), 'bin', 'current', 'helm');
  if (!existsSync(path))
    throw new Error(`${path} is missing: \`make binaries\` builds it, and so do \`make up\` and \`make test\``);
  return path;
}
