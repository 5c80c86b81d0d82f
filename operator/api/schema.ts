import Type, { type TSchema, type TSchemaOptions } from 'typebox';

/** A rule in CEL with the sentence that a person reads when the API server refuses their object. */
export interface Rule {
  rule: string;
  message: string;
}

/** Rules that the API server checks, as an option of any schema; a rule that names `oldSelf` runs on updates only. */
export const rules = (...list: Rule[]) => ({ 'x-kubernetes-validations': list });

/** One of a few words. A union of literals is no structural schema for Kubernetes, an enum is. */
export const choice = <Word extends string>(words: readonly Word[], options: TSchemaOptions) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, ...options });

/** An amount as Kubernetes writes it: `500m`, `1.5`, `2Gi`; plain numbers are taken too. */
export const quantity = (options: TSchemaOptions) =>
  Type.Unsafe<string | number>({
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern: '^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$',
    maxLength: 32,
    'x-kubernetes-int-or-string': true,
    ...options,
  });

interface IntegerOptions extends TSchemaOptions {
  minimum: number;
  maximum: number;
  default?: number;
  description: string;
}

/** Integers of the object are 32-bit: `kubectl explain` says so and a float is refused. */
export const integer = (options: IntegerOptions) => Type.Integer({ format: 'int32', ...options });

/** A host name or an address. */
export const host = (description: string) =>
  Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$', description });

const byte = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const cidr = `^((${byte}\\.){3}${byte}/(3[0-2]|[12]?[0-9])|[0-9A-Fa-f:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$`;

/** Networks of addresses, such as 10.0.0.0/8 and fc00::/7. */
export const networks = (options: TSchemaOptions & { default: string[] }) =>
  Type.Array(Type.String({ maxLength: 43, pattern: cidr }), { maxItems: 64, ...options });

/** An http(s) URL of a server: no path, no trailing slash. */
export const origin = (description: string) =>
  Type.String({ maxLength: 300, pattern: '^https?://[A-Za-z0-9.:\\[\\]-]+$', description });

/** Names and texts, such as annotations. */
export const texts = (options: TSchemaOptions) =>
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 4096 },
    maxProperties: 32,
    default: {},
    ...options,
  });

/** A reference to an object in the platform's own namespace. */
export const reference = (description: string) =>
  Type.Object(
    { name: Type.String({ minLength: 1, maxLength: 253, description: 'Name of the Secret, in the same namespace.' }) },
    { description },
  );

/**
 * A section that may be left out: its fields have defaults of their own. Its own default is written out, since the API
 * server checks the rules of a section against exactly that text.
 */
export const section = <Fields extends Record<string, TSchema>>(fields: Fields, options: TSchemaOptions) =>
  Type.Object(fields, { default: defaultsOf(fields), ...options });

const defaultsOf = (fields: Record<string, TSchema>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])),
  );
