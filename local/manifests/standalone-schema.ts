export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };

const reference = /#\/\$defs\/(.+)$/;

/** A schema that holds every definition it leads to, however far away: `kubeconform` reads one file a kind. */
export function standalone(schema: Schema, definitions: Schema): Schema {
  const taken: Schema = {};
  const turned = here(schema, (name) => take(name, definitions, taken));
  return { ...(turned as Schema), $defs: taken };
}

function take(name: string, definitions: Schema, taken: Schema): void {
  if (name in taken) return;
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`the schemas refer to ${name} and do not define it`);
  taken[name] = null; // it may lead to itself
  taken[name] = here(definition, (next) => take(next, definitions, taken));
}

/** The same with every reference leading into the file itself; each name is told. */
function here(value: Json, tell: (name: string) => void): Json {
  if (Array.isArray(value)) return value.map((item) => here(item, tell));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const name = key === '$ref' && typeof child === 'string' ? reference.exec(child)?.[1] : undefined;
      if (name === undefined) return [key, here(child, tell)];
      tell(name);
      return [key, `#/$defs/${name}`];
    }),
  );
}

/** A schema of a custom resource that refuses unknown fields, as the API server does. */
export function strict(value: Json): Json {
  if (Array.isArray(value)) return value.map(strict);
  if (value === null || typeof value !== 'object') return value;
  const children = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, strict(child)]));
  return 'properties' in value && !('additionalProperties' in value)
    ? { ...children, additionalProperties: false }
    : children;
}
