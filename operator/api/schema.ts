import Type, { type TSchema, type TSchemaOptions } from 'typebox';

/** A rule in CEL with the sentence that a person reads when the API server refuses their object. */
export interface Rule {
  rule: string;
  message: string;
  /** Runs when an object is made too, and then `oldSelf` has no value. */
  optionalOldSelf?: true;
}

/**
 * Rules that the API server checks, as an option of any schema; one that names `oldSelf` runs on updates only. Others are
 * not asked about what an update leaves as it was (Kubernetes 1.30 and later), so a new rule locks no stored object.
 */
export const rules = (...list: Rule[]) => ({ 'x-kubernetes-validations': list });

/** A rule for the form of a text: the sentence tells more than the pattern would, which the API server shows otherwise. */
export const shaped = (pattern: string, message: string): Rule => ({ rule: `self.matches(r'${pattern}')`, message });

/** One of a few words. A union of literals is no structural schema for Kubernetes, an enum is. */
export const choice = <Word extends string>(words: readonly Word[], options: TSchemaOptions) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, ...options });

const amount = {
  rule: "string(self).matches(r'^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$')",
  message: 'must be an amount as Kubernetes writes it: write 500m, 1.5, 256Mi or 10Gi for example',
};

/** An amount as Kubernetes writes it: `500m`, `1.5`, `2Gi`; plain numbers are taken too. */
export const quantity = (options: TSchemaOptions, ...more: Rule[]) =>
  Type.Unsafe<string | number>({
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    maxLength: 32,
    'x-kubernetes-int-or-string': true,
    ...rules(amount, ...more),
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

const isHost = shaped(
  '^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$',
  'must be a host name or an address alone: leave out scheme, port and path',
);

/** A host name or an address. */
export const host = (description: string) =>
  Type.String({ minLength: 1, maxLength: 253, description, ...rules(isHost) });

/** A port in a pattern. */
export const portPattern = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

const origins = `https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:${portPattern})?`;

/** A part of a DNS name, in a pattern. */
export const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

const isNamespace = shaped(`^${label}$`, 'must be the name of one namespace: lower-case letters, digits and dashes');

/** The name of a namespace. */
export const namespace = (description: string) =>
  Type.String({ minLength: 1, maxLength: 63, description, ...rules(isNamespace) });

const byte = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const cidr = `^((${byte}\\.){3}${byte}/(3[0-2]|[12]?[0-9])|[0-9A-Fa-f:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$`;

const isNetwork = shaped(
  cidr,
  'must be a network: write 10.0.0.0/8 or fc00::/7 for example, and a single address with /32 or /128',
);

/** Networks of addresses, such as 10.0.0.0/8 and fc00::/7. */
export const networks = (options: TSchemaOptions & { default: string[] }) =>
  Type.Array(Type.String({ maxLength: 43, ...rules(isNetwork) }), { maxItems: 64, ...options });

const isOrigin = shaped(
  `^${origins}$`,
  'must be http:// or https://, a host and perhaps a port: leave out the path and a slash at the end',
);
const isBaseUrl = shaped(
  `^${origins}(/[^\\s?#]*[^\\s?#/])?$`,
  'must be an http:// or https:// URL: leave out a slash at the end, ? and #',
);

/** An http(s) URL of a server: no path, no trailing slash. */
export const origin = (description: string) => Type.String({ maxLength: 300, description, ...rules(isOrigin) });

/** An http(s) URL under which there are more, such as https://cdn.example.org/media. */
export const baseUrl = (description: string) => Type.String({ maxLength: 1000, description, ...rules(isBaseUrl) });

/** Names and texts, such as annotations. */
export const texts = (options: TSchemaOptions, { maxLength = 4096 } = {}) =>
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string', maxLength },
    maxProperties: 32,
    default: {},
    ...options,
  });

const isObjectName = shaped(
  '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  'must be the name of an object of Kubernetes: lower-case letters, digits, dashes and dots',
);

/** The name of an object of Kubernetes. */
export const objectName = (description: string) =>
  Type.String({ minLength: 1, maxLength: 253, description, ...rules(isObjectName) });

/** A reference to an object in the platform's own namespace. */
export const reference = (description: string) =>
  Type.Object({ name: objectName('Name of the Secret, in the same namespace.') }, { description });

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
