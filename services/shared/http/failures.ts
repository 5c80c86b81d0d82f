import { ApiError, errorCodes, toApiError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Context, Middleware } from './context.ts';

/** The empty form of a route's payload, present in its failures; by path, both slash forms meant. */
export type EmptyPayloads = Readonly<Record<string, object>>;

/** Turns whatever was thrown into an answer: the envelope under `/douyin`, problem details elsewhere. */
export const answerErrors = ({ logger, empty }: { logger: Logger; empty: EmptyPayloads }): Middleware => {
  const payloads = new Map(Object.entries(empty).map(([path, payload]) => [withSlash(path), payload]));
  return async (ctx, next) => {
    try {
      await next();
      refuseUnanswered(ctx);
    } catch (error) {
      const failure = toApiError(error);
      logServerFailure(logger, ctx, failure);
      ctx.state.failure = failure.code;
      setFailureHeaders(ctx, failure);
      if (isOfficialApi(ctx)) presentEnvelope(ctx, failure, payloads.get(withSlash(ctx.path)));
      else presentProblem(ctx, failure);
    }
  };
};

/** Routers leave a status without a body where no route answered. */
function refuseUnanswered(ctx: Context): void {
  if (ctx.body !== undefined && ctx.body !== null) return;
  if (ctx.status === 404) throw new ApiError('route_not_found');
  if (ctx.status === 405 || ctx.status === 501) throw new ApiError('method_not_allowed');
}

function setFailureHeaders(ctx: Context, failure: ApiError): void {
  if (failure.retryAfterSeconds !== undefined) ctx.set('retry-after', String(failure.retryAfterSeconds));
  if (failure.code === 'content_too_large') ctx.set('connection', 'close'); // the rest of the body is not read
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

const isOfficialApi = (ctx: Context): boolean => ctx.path.startsWith('/douyin/');

function logServerFailure(logger: Logger, ctx: Context, failure: ApiError): void {
  if (errorCodes[failure.code].http < 500) return;
  const level = failure.code === 'internal' ? 'error' : 'warn';
  logger[level](
    { requestId: ctx.state.requestId, code: failure.code, error: failure.cause ?? failure },
    'request failed',
  );
}

function presentEnvelope(ctx: Context, failure: ApiError, empty: object | undefined): void {
  const row: { http: number; wire: number; keepsStatus?: true } = errorCodes[failure.code];
  ctx.status = row.keepsStatus ? row.http : 200;
  ctx.body = { status_code: row.wire, status_msg: failure.message, ...empty };
}

/** Problem details of RFC 9457. */
function presentProblem(ctx: Context, failure: ApiError): void {
  const { http, message } = errorCodes[failure.code];
  ctx.status = http;
  if (http === 401) ctx.set('www-authenticate', 'Bearer');
  ctx.body = {
    type: `urn:tiktok-lite:problem:${failure.code}`,
    title: message,
    status: http,
    detail: failure.message,
    code: failure.code,
    request_id: ctx.state.requestId,
  };
  ctx.type = 'application/problem+json';
}
