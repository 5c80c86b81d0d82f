import assert from 'node:assert/strict';
import { Compile, type Validator } from 'typebox/compile';
import { errorCodes } from '../../services/shared/errors.ts';
import { type Payload, type RouteName, routes } from './wire.ts';

export type Parameters = Readonly<Record<string, string | number>>;

/** What the gateway answered: the envelope and the payload, whether or not it is a success. */
export type Answer<Name extends RouteName> = Payload<Name> & {
  status_code: number;
  status_msg: string;
  http: number;
  headers: Headers;
};

/** Somebody with a token. */
export interface Caller {
  id: number;
  name: string;
  token: string;
}

const validators = new Map<RouteName, Validator>();
const wireCodes: readonly number[] = Object.values(errorCodes).map(({ wire }) => wire);
/** With these the HTTP status tells of the failure too. */
const telling = [413, 429, 503];

/** A client of the official API that takes nothing on trust: every answer is held against what the API promises. */
export function createApiClient(baseUrl: string) {
  const ask = async <Name extends RouteName>(name: Name, path: string, init: RequestInit): Promise<Answer<Name>> => {
    const response = await fetch(new URL(path, baseUrl), { signal: AbortSignal.timeout(30_000), ...init });
    const text = await response.text();
    const answer = { http: response.status, headers: response.headers, ...parseExactly(text) } as Answer<Name>;
    checkAnswer(name, answer);
    return answer;
  };

  /** As the official client does it: everything in the query. */
  const call = <Name extends RouteName>(name: Name, parameters: Parameters = {}, caller?: { token: string }) => {
    const { method, path } = routes[name];
    const token = caller === undefined ? {} : { token: caller.token };
    return ask(name, `${path}?${encode({ ...parameters, ...token })}`, { method });
  };

  const succeed = async <Name extends RouteName>(name: Name, parameters?: Parameters, caller?: { token: string }) => {
    const answer = await call(name, parameters, caller);
    assert.equal(answer.status_code, 0, `${routes[name].path}: ${answer.status_msg}`);
    return answer;
  };

  /** The code of the failure that must come. */
  const refusal = async (name: RouteName, parameters?: Parameters, caller?: { token: string }): Promise<number> => {
    const answer = await call(name, parameters, caller);
    assert.notEqual(answer.status_code, 0, `${routes[name].path} should have refused ${JSON.stringify(parameters)}`);
    return answer.status_code;
  };

  const publish = (parts: readonly (readonly [string, string | Blob])[], query: Parameters = {}) => {
    const body = new FormData();
    for (const [name, value] of parts) {
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, value, 'clip.mp4');
    }
    return ask('publish', `${routes.publish.path}?${encode(query)}`, { method: 'POST', body });
  };

  return { baseUrl, ask, call, succeed, refusal, publish };
}

export type ApiClient = ReturnType<typeof createApiClient>;

/** Parameters as a query or an urlencoded body. */
export const encode = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));

/** Refuses integers that a client with 64-bit floats would read as another number. */
function parseExactly(text: string): object {
  return JSON.parse(text, (key, value, context?: { source?: string }) => {
    const isExact = typeof value !== 'number' || (Number.isSafeInteger(value) && context?.source === String(value));
    assert.ok(isExact, `${key} is ${context?.source}, which is no safe integer`);
    return value;
  });
}

function checkAnswer<Name extends RouteName>(name: Name, answer: Answer<Name>): void {
  const shown = `${routes[name].path} answered ${answer.http} ${JSON.stringify(answer)}`;
  assert.equal(typeof answer.status_msg, 'string', shown);
  assert.match(answer.headers.get('x-request-id') ?? '', /^\w/, shown);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, shown);
  if (answer.status_code === 0) checkSuccess(name, answer, shown);
  else checkFailure(name, answer, shown);
}

function checkSuccess<Name extends RouteName>(name: Name, answer: Answer<Name>, shown: string): void {
  assert.equal(answer.http, 200, shown);
  const known = validators.get(name);
  const validator = known ?? Compile(routes[name].success);
  if (!known) validators.set(name, validator);
  const [mistake] = validator.Errors(answer);
  assert.equal(mistake, undefined, `${shown}: ${JSON.stringify(mistake)}`);
}

function checkFailure<Name extends RouteName>(name: Name, answer: Answer<Name>, shown: string): void {
  const { status_code, status_msg, http, headers } = answer;
  assert.ok(wireCodes.includes(status_code), `${shown}: the code is not in the table`);
  const said = Math.floor(status_code / 100);
  assert.equal(http, telling.includes(said) ? said : 200, shown);
  if (http === 429 || http === 503) assert.match(headers.get('retry-after') ?? '', /^\d+$/, shown);
  assert.match(status_msg, /^[a-z][ -~]{10,}$/i, `${shown}: no English sentence`);
  assert.partialDeepStrictEqual(answer, routes[name].empty, `${shown}: the payload's fields are not there`);
}
