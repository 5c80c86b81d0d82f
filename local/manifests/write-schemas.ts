// write-schemas.ts FROM TO VERSION…: schemas for kubeconform, a folder for each release of Kubernetes, from those of the
// package in requirements.txt; ours beside them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceDefinition } from '../../operator/api/custom-resource-definition.ts';
import { type Json, type Schema, standalone, strict } from './standalone-schema.ts';

const read = (path: string): Schema => JSON.parse(readFileSync(path, 'utf8')) as Schema;

/** Kinds that the chart or the operator has objects of; kubeconform complains about one that is missing here. */
const kinds =
  /^(clusterrole|clusterrolebinding|configmap|customresourcedefinition|deployment|horizontalpodautoscaler|ingress|job|cronjob|namespace|networkpolicy|persistentvolumeclaim|poddisruptionbudget|role|rolebinding|secret|service|serviceaccount|statefulset)(-\w+)?-v\d+\.json$/;

function writeRelease(from: string, to: string): void {
  const { $defs } = read(join(from, '_definitions.json'));
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((file) => kinds.test(file))) {
    writeFileSync(join(to, name), JSON.stringify(standalone(read(join(from, name)), $defs as Schema)));
  }
  const { group, names, versions } = customResourceDefinition().spec;
  for (const { name: version, schema } of versions) {
    const { properties, ...rest } = schema.openAPIV3Schema as { properties: Schema };
    const identity = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };
    const whole: Json = strict({ ...rest, properties: { ...identity, ...properties } });
    writeFileSync(
      join(to, `${names.kind.toLowerCase()}-${group.split('.')[0]}-${version}.json`),
      JSON.stringify(whole),
    );
  }
}

if (import.meta.main) {
  const [, , from = '', to = '', ...versions] = process.argv;
  for (const version of versions) writeRelease(join(from, `v${version}-local-strict`), join(to, `v${version}`));
}
