import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { installManifest, renderInstall } from './render-install.ts';

const root = new URL('../../', import.meta.url);
const banner = '# Generated from operator/api by `npm run generate`: edit the schema there.\n';

const yaml = (object: object): string => stringify(object, { lineWidth: 140, aliasDuplicateObjects: false });

/** The same definition as a template: it can be left to others, and stays when the release is uninstalled. */
function chartTemplate(): string {
  const { metadata, ...rest } = customResourceDefinition();
  return [
    '{{- if .Values.crds.enabled }}\n',
    banner,
    `apiVersion: ${rest.apiVersion}\nkind: ${rest.kind}\nmetadata:\n  name: ${metadata.name}\n`,
    '  labels:\n    {{- include "tiktok-lite-operator.labels" . | nindent 4 }}\n',
    '  {{- if .Values.crds.keep }}\n  annotations:\n    helm.sh/resource-policy: keep\n  {{- end }}\n',
    yaml({ spec: rest.spec }),
    '{{- end }}\n',
  ].join('');
}

/** Every file that is made from the schema; a test fails when one of them is not what it would be now. */
export const generatedFiles = () => [
  { url: new URL('manifests/crd.yaml', root), content: banner + yaml(customResourceDefinition()) },
  { url: new URL('charts/tiktok-lite-operator/templates/crd.yaml', root), content: chartTemplate() },
];

if (import.meta.main) {
  for (const { url, content } of generatedFiles()) await writeFile(url, content);
  await writeFile(installManifest, renderInstall());
}
