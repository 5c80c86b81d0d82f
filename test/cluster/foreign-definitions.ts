import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { cacheDirectory } from '../../local/cache-directory.ts';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { isNotFound } from '../../operator/kubernetes/errors.ts';
import type { Manifest } from '../../operator/kubernetes/objects.ts';
import { type Resource, resources } from '../../operator/kubernetes/resources.ts';
import { eventually } from '../eventually.ts';

const execute = promisify(execFile);
const modules = join(import.meta.dirname, '..', 'definitions');

/** Installs the definition of another project's custom resource from its Go module, as released, and waits until it is served. */
export async function installForeignDefinition(client: Client, module: string, path: string): Promise<void> {
  const { stdout } = await execute('go', ['-C', modules, 'mod', 'download', '-json', module]);
  const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
  const definition = parse(await readFile(join(folder, path), 'utf8')) as Manifest<V1CustomResourceDefinition>;
  await install(client, definition);
}

/**
 * Installs the definition of Strimzi's KafkaTopic. Its packages carry the classes that the Topic Operator reads objects with,
 * and no definition: the generator of the library that they are written for makes it of them.
 */
export async function installKafkaTopicDefinition(client: Client): Promise<void> {
  const text = await readFile(join(await generated(), 'kafkatopics.kafka.strimzi.io-v1.yml'), 'utf8');
  const definition = parse(text) as Manifest<V1CustomResourceDefinition>;
  for (const { schema } of definition.spec?.versions ?? []) {
    // A setting is any value to the class; the generator takes that for an object.
    const config = schema?.openAPIV3Schema?.properties?.spec?.properties?.config;
    Object.assign(config ?? {}, { additionalProperties: { 'x-kubernetes-preserve-unknown-fields': true } });
  }
  await install(client, definition);
}

/** The folder of what was made of the classes: once for each version, in a folder that is renamed when it is complete. */
async function generated(): Promise<string> {
  const pom = join(modules, 'pom.xml');
  const [, version] = /<strimzi.version>(.*)<\/strimzi.version>/.exec(await readFile(pom, 'utf8')) ?? [];
  const folder = join(cacheDirectory(), 'definitions', `strimzi-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(join(folder, '..'), { recursive: true });
  const staging = await mkdtemp(`${folder}.`);
  const jars = join(staging, 'jars');
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  await execute('mvn', ['-B', '-q', '-f', pom, copy, '-DincludeScope=runtime', `-DoutputDirectory=${jars}`]);
  const generator = 'io.fabric8.crd.generator.cli.CRDGeneratorCLI';
  const topics = ['--include-package', 'io.strimzi.api.kafka.model.topic'];
  await execute('java', [
    ...['-cp', join(jars, '*'), generator, ...topics],
    ...['--output-dir', staging, join(jars, `api-${version}.jar`)],
  ]);
  await rm(jars, { recursive: true });
  await rename(staging, folder);
  return folder;
}

async function install(client: Client, definition: Manifest<V1CustomResourceDefinition>): Promise<void> {
  await client.apply(resources.customResourceDefinitions, definition, { fieldManager: 'test' });
  await eventually(`${definition.metadata.name} is established`, async () => {
    const { status } = await client.get(resources.customResourceDefinitions, { name: definition.metadata.name });
    return status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True');
  });
}

/** Takes a definition away that an earlier test may have installed, and waits until it is served no more. */
export async function uninstallDefinition(client: Client, { plural, group }: Resource): Promise<void> {
  const name = `${plural}.${group}`;
  await client.delete(resources.customResourceDefinitions, { name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await eventually(`${name} is gone`, async () => !(await client.find(resources.customResourceDefinitions, { name })));
}
