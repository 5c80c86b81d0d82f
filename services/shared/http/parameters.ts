import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';
import type { Middleware, Parameters } from './context.ts';

/** Keeps the first non-empty value of each name, whatever part of the request it came in. */
export function addParameter(parameters: Parameters, name: string, value: string): void {
  if (value !== '' && !parameters.has(name)) parameters.set(name, value);
}

interface Options {
  maxBodyBytes: number;
  /** Paths whose route reads the body by itself, as an upload does; only their query is read here. */
  streamedPaths: readonly string[];
}

/** Collects the parameters of a request: query first, then the body, GETs with a body included. */
export const readParameters =
  ({ maxBodyBytes, streamedPaths }: Options): Middleware =>
  (ctx, next) => {
    const parameters: Parameters = new Map();
    ctx.state.parameters = parameters;
    addAll(parameters, ctx.querystring);
    if (!hasBody(ctx.req) || streamedPaths.includes(ctx.path)) return next();
    return addBody(parameters, ctx.req, maxBodyBytes).then(next);
  };

const addAll = (parameters: Parameters, encoded: string): void => {
  if (encoded === '') return;
  for (const [name, value] of new URLSearchParams(encoded)) addParameter(parameters, name, value);
};

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

async function addBody(parameters: Parameters, request: IncomingMessage, maxBytes: number): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  const urlencoded = /^application\/x-www-form-urlencoded\b/i.test(type);
  if (!urlencoded && !/^multipart\/form-data\b/i.test(type)) return;
  const body = await readBody(request, maxBytes);
  if (urlencoded) return addAll(parameters, body.toString('utf8'));
  const { readMultipartFields } = await import('./multipart-fields.ts');
  for (const [name, value] of await readMultipartFields(body, type)) addParameter(parameters, name, value);
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new ApiError('content_too_large', `the request body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('invalid_request', 'the request body ended early: send it again', { cause: error });
  }
  return Buffer.concat(chunks, bytes);
}
