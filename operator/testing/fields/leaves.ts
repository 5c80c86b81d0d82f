import { customResourceDefinition } from '../../api/custom-resource-definition.ts';

/** What is looked at of a schema of the custom resource. */
interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** Every field that holds a value and no more fields, such as `feed.pageSize`; `ladder[].shortSidePixels` is one of each item of a list. */
function leavesOf(schema: Schema, path = ''): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, child]) =>
      leavesOf(child, path === '' ? name : `${path}.${name}`),
    );
  }
  return schema.items ? leavesOf(schema.items, `${path}[]`) : [path];
}

/** Every field of the object that holds a value. */
export function fieldsOfSpec(): string[] {
  const schema = customResourceDefinition().spec.versions[0]?.schema.openAPIV3Schema as Schema;
  return leavesOf(schema.properties?.spec ?? {});
}
