import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { type ImageName, images, relatedImageVariable } from '../../services/shared/images.ts';
import { imageReferences, isReady } from '../acceptance/platform.ts';
import { eventually } from '../eventually.ts';
import { anyNamespace, assertNoPlatform, emptyCluster, kubectl } from './empty-cluster.ts';

const manifests = join(import.meta.dirname, '..', '..', 'manifests');

const imageNames = Object.keys(images) as ImageName[];

interface Operator {
  kind: string;
  spec: { template: { spec: { containers: { image: string; env: { name: string; value: string }[] }[] } } };
}

/** install.yaml as it is, but for the images: those of this tree, from the registry of this machine. */
async function manifestWithOurImages(): Promise<object[]> {
  const references = await imageReferences();
  const objects = parseAllDocuments(await readFile(join(manifests, 'install.yaml'), 'utf8')).map(
    (document) => document.toJS() as Operator,
  );
  const [container] = objects.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers ?? [];
  if (!container) throw new Error('install.yaml has no Deployment with a container');
  container.image = references.get('operator') ?? '';
  container.env.push(...imageNames.map((name) => relatedImage(name, references)));
  return objects;
}

function relatedImage(name: ImageName, references: Map<string, string>): { name: string; value: string } {
  const folder = name === 'objectStore' ? 'object-store' : name;
  return { name: relatedImageVariable(name), value: references.get(folder) ?? '' };
}

describe('kubectl apply of install.yaml', function () {
  this.timeout(600_000);

  before(assertNoPlatform);
  after(emptyCluster);

  it('ends on an empty cluster in a platform that is Ready', async () => {
    await anyNamespace.apply({ apiVersion: 'v1', kind: 'List', items: await manifestWithOurImages() });
    const sample = parse(await readFile(join(manifests, 'samples', 'minimal.yaml'), 'utf8')) as object;
    await eventually('the definition to be served', () => kubectl.apply(sample), 30);
    await eventually('a Ready platform', async () => isReady(await kubectl.get('tiktoklite', 'demo')), 300);
  });
});
