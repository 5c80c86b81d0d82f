// Prints every object that the operator makes for the TiktokLites in the files named, as YAML. Written as YAML 1.1, in which
// Go's readers take a bare `yes` for a boolean.
import { readFileSync } from 'node:fs';
import type { V1Deployment } from '@kubernetes/client-node';
import { parseAllDocuments, stringify } from 'yaml';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { buildPlatform } from '../../operator/testing/build-platform.ts';
import { recordChildren } from '../../operator/testing/record-children.ts';
import { maintenanceJob } from '../maintenance-job.ts';

/** The children of every TiktokLite in a file; what the object does not say has its default. */
export async function childrenOfSamples(path: string): Promise<object[]> {
  const objects = parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS());
  const platforms = objects.filter((object) => object?.kind === 'TiktokLite');
  if (platforms.length === 0) throw new Error(`${path} has no TiktokLite in it`);
  const children = platforms.map(async ({ spec, metadata }) => {
    const { name, namespace = 'default' } = metadata;
    const recorded = await recordChildren(buildPlatform(spec ?? {}, { name, namespace }));
    return [...recorded, ...maintenanceBeside(recorded)];
  });
  return (await Promise.all(children)).flat();
}

/** The Jobs that a person starts beside a platform are made of its like writer. */
const maintenanceBeside = (children: readonly Manifest[]): object[] =>
  children
    .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('-like-writer'))
    .map((deployment) => ({ ...maintenanceJob(deployment as V1Deployment, 'verify-counters') }));

if (import.meta.main) {
  for (const path of process.argv.slice(2)) {
    for (const child of await childrenOfSamples(path))
      console.log(`---\n${stringify(child, { version: '1.1', aliasDuplicateObjects: false })}`);
  }
}
