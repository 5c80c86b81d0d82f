import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');
/** What building an image of the services takes out of the repository. */
const parts = [
  'images',
  'local',
  'operator',
  'services',
  'package.json',
  'package-lock.json',
  '.npmrc',
  '.dockerignore',
];
const fixture = '9999-next-version.ts';

/** Builds the services of this tree with one more migration, pushes the image, and answers its digest. */
export async function buildNextVersion(registry: string): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'tkl-next-version-'));
  try {
    for (const part of parts) await cp(join(root, part), join(tree, part), { recursive: true });
    const migrations = join(tree, 'services', 'migrate', 'migrations');
    await cp(join(import.meta.dirname, fixture), join(migrations, fixture));
    const list = await readFile(join(migrations, 'index.ts'), 'utf8');
    const longer = list.replace('\n];', '\n  nextVersion,\n];');
    if (longer === list) throw new Error('the list of migrations does not end as it did: change what is replaced here');
    await writeFile(join(migrations, 'index.ts'), `import { nextVersion } from './${fixture}';\n${longer}`);
    const { stdout } = await run(join(tree, 'local', 'images.sh'), ['push', registry, 'services']);
    const reference = stdout.trim().split('\n').at(-1)?.split('=')[1] ?? '';
    return await digestOf(reference);
  } finally {
    await rm(tree, { recursive: true });
  }
}

/** What the registry calls the image, byte for byte. */
async function digestOf(reference: string): Promise<string> {
  const [, registry, path, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(reference) ?? [];
  const response = await fetch(`http://${registry}/v2/${path}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  const digest = response.headers.get('docker-content-digest');
  if (!digest) throw new Error(`the registry does not know ${reference}: it answered ${response.status}`);
  return digest;
}
