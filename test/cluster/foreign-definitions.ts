import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { parse } from 'yaml';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { eventually } from '../eventually.ts';

const modules = join(import.meta.dirname, '..', 'definitions');

/** Installs the definition of another project's custom resource from its Go module, as released, and waits until it is served. */
export async function installForeignDefinition(client: Client, module: string, path: string): Promise<void> {
  const { stdout } = await promisify(execFile)('go', ['-C', modules, 'mod', 'download', '-json', module]);
  const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
  const definition = parse(await readFile(join(folder, path), 'utf8')) as Manifest<V1CustomResourceDefinition>;
  await client.apply(resources.customResourceDefinitions, definition, { fieldManager: 'test' });
  await eventually(`${definition.metadata.name} is established`, async () => {
    const { status } = await client.get(resources.customResourceDefinitions, { name: definition.metadata.name });
    return status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True');
  });
}
