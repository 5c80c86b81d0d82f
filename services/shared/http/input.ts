import type { Static, TObject, TProperties, TSchema } from 'typebox';
import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { ApiError } from '../errors.ts';
import type { Context } from './context.ts';

/** An id as clients send it: digits or exponent form, a safe integer above zero. */
export const WireId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'an id' });

/** One line of text: counted in characters, not bytes, and without control characters. */
export const WireLine = ({ minLength, maxLength }: { minLength: number; maxLength: number }) =>
  Type.String({ minLength, maxLength, pattern: '^\\P{Cc}*$' });

/** Text of one or more lines: counted in characters, not blank, and without other control characters. */
export const WireText = ({ minLength, maxLength }: { minLength: number; maxLength: number }) =>
  Type.String({ minLength, maxLength, pattern: '^(?=[^]*\\S)(?:\\P{Cc}|[\\n\\r\\t])*$' });

/** A point in time as clients send it: "0" and absent mean none; 10^11 and above is milliseconds, below is seconds. */
export const WireTime = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'a Unix time' });

/** The milliseconds that a WireTime means, undefined for none. */
export function wireTimeToMs(time: number | undefined): number | undefined {
  if (time === undefined || time === 0) return undefined;
  return time >= 1e11 ? time : time * 1000;
}

/** The parameters of a request as the schema says, or an ApiError that names every wrong one. Unknown ones are ignored. */
export function parseInput<Properties extends TProperties>(
  ctx: Context,
  schema: TObject<Properties>,
): Static<TObject<Properties>> {
  return parse(schema, (name) => ctx.state.parameters.get(name));
}

/** The same of the names in a route's path. */
export const parsePath = <Properties extends TProperties>(
  ctx: Context,
  schema: TObject<Properties>,
): Static<TObject<Properties>> => parse(schema, (name) => ctx.params[name]);

function parse<Properties extends TProperties>(
  schema: TObject<Properties>,
  textOf: (name: string) => string | undefined,
): Static<TObject<Properties>> {
  const input: Record<string, unknown> = {};
  for (const [name, property] of Object.entries<TSchema>(schema.properties)) {
    const text = textOf(name);
    if (text !== undefined) input[name] = isNumeric(property) ? toNumber(text) : text;
  }
  const validator = validatorOf(schema);
  if (validator.Check(input)) return input as Static<TObject<Properties>>;
  throw new ApiError('invalid_request', mistakesOf(schema, input).join('; '));
}

/** Go clients send large numbers as `1.234567e+06`; what is no number stays a text, which the schema then refuses. */
const toNumber = (text: string): number | string =>
  /^[+-]?\d+(\.\d*)?(e[+-]?\d{1,3})?$/i.test(text.trim()) ? Number(text) : text;

const validators = new WeakMap<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}

interface Facts {
  type?: string;
  const?: unknown;
  anyOf?: Facts[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

const isNumeric = (schema: Facts): boolean =>
  schema.type === 'integer' || schema.type === 'number' || (schema.anyOf?.every(isNumeric) ?? false);

function mistakesOf(schema: TObject, input: Record<string, unknown>): string[] {
  return Object.entries<TSchema>(schema.properties).flatMap(([name, property]) => {
    if (input[name] === undefined) return schema.required?.includes(name) ? [`${name} is missing`] : [];
    return validatorOf(property).Check(input[name]) ? [] : [`${name} must be ${expectationOf(property)}`];
  });
}

function expectationOf(schema: Facts): string {
  if (schema.anyOf) return schema.anyOf.map((option) => option.const).join(' or ');
  if (schema.const !== undefined) return String(schema.const);
  if (isNumeric(schema)) return `a whole number${boundsOf(schema.minimum, schema.maximum)}`;
  return `a text${boundsOf(schema.minLength, schema.maxLength)} characters, without control characters`;
}

const boundsOf = (least?: number, most?: number): string =>
  `${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`;
