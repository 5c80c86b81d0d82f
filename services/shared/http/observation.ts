import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Context, Middleware } from './context.ts';
import { createDurations } from './durations.ts';

/** Takes the request id that the gateway gave, or makes one, and sends it back. */
export const identifyRequest: Middleware = (ctx, next) => {
  const given = ctx.req.headers['x-request-id'];
  ctx.state.requestId = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  ctx.res.setHeader('x-request-id', ctx.state.requestId);
  return next();
};

/** A success slower than this is worth a line at level info. */
const slowMs = 1000;

/**
 * Counts, times and logs requests, one line for each: successes at debug, failures and slow ones at info. The path is
 * logged without its query, which may carry a token.
 */
export const observeRequests = ({ logger, metrics }: { logger: Logger; metrics: Metrics }): Middleware => {
  const observe = createDurations(metrics);
  return async (ctx, next) => {
    const startedMs = performance.now();
    await next();
    const durationMs = performance.now() - startedMs;
    const code = ctx.state.failure ?? 'ok';
    observe({ method: methodOf(ctx), route: routeOf(ctx), code }, durationMs / 1000);
    const level = code === 'ok' && durationMs < slowMs ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) logger[level](accessOf(ctx, code, durationMs), 'request');
  };
};

const accessOf = (ctx: Context, code: string, durationMs: number) => ({
  requestId: ctx.state.requestId,
  method: ctx.method,
  path: ctx.path,
  status: ctx.status,
  code,
  viewerId: ctx.state.viewerId,
  durationMs: Math.round(durationMs * 10) / 10,
});

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const methodOf = ({ method }: Context): string => (knownMethods.has(method) ? method : 'OTHER');

const routeOf = (ctx: Context): string => {
  const route: unknown = ctx._matchedRoute;
  return typeof route === 'string' ? route : 'none';
};
