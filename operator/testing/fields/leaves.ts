/** What is looked at of a schema of the custom resource. */
export interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** Every field that holds a value and no more fields, such as `feed.pageSize`; `ladder[].shortSidePixels` is one of each item of a list. */
export function leavesOf(schema: Schema, path = ''): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, child]) =>
      leavesOf(child, path === '' ? name : `${path}.${name}`),
    );
  }
  return schema.items ? leavesOf(schema.items, `${path}[]`) : [path];
}
