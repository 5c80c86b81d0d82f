import { group, kind, plural, TiktokLiteSchema, version } from './tiktok-lite.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const printerColumns = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'URL', type: 'string', jsonPath: '.status.url' },
  { name: 'Version', type: 'string', jsonPath: '.status.version' },
  { name: 'Transcoders', type: 'string', jsonPath: '.status.transcoders' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason', priority: 1 },
];

/**
 * The schema as Kubernetes wants it. The API server fills in defaults before it validates, so a field with a default is
 * required by the type and optional for the author: it leaves `required`.
 */
export function structural(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(structural);
  if (schema === null || typeof schema !== 'object') return schema;
  const { required, properties, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, keyword === 'default' ? value : structural(value)]),
  );
  const remaining = Array.isArray(required) ? required.filter((name) => !hasDefault(properties, String(name))) : [];
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties }),
    ...(remaining.length > 0 ? { required: remaining } : {}),
  };
}

function hasDefault(properties: Json | undefined, name: string): boolean {
  if (properties === undefined || properties === null || typeof properties !== 'object' || Array.isArray(properties)) {
    return false;
  }
  const property = properties[name];
  return property !== null && typeof property === 'object' && 'default' in property;
}

/** The CustomResourceDefinition, from the one schema that also gives the TypeScript type. */
export const customResourceDefinition = () => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: {
      kind,
      listKind: `${kind}List`,
      plural,
      singular: kind.toLowerCase(),
      shortNames: ['tkl'],
      categories: [kind.toLowerCase()],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: printerColumns,
        schema: { openAPIV3Schema: structural(JSON.parse(JSON.stringify(TiktokLiteSchema)) as Json) },
      },
    ],
  },
});
