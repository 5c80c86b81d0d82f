import { randomUUID } from 'node:crypto';
import { Histogram } from 'prom-client';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Context, Middleware } from './context.ts';

/** Takes the request id that the gateway gave, or makes one, and sends it back. */
export const identifyRequest: Middleware = async (ctx, next) => {
  const given = ctx.get('x-request-id');
  ctx.state.requestId = /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  ctx.set('x-request-id', ctx.state.requestId);
  await next();
};

/** A success slower than this is worth a line at level info. */
const slowMs = 1000;

/**
 * One log line for each request: successes at debug, failures and slow ones at info. The path is logged without its
 * query, which may carry a token.
 */
export const logAccess =
  (logger: Logger): Middleware =>
  async (ctx, next) => {
    const startedMs = performance.now();
    await next();
    const durationMs = performance.now() - startedMs;
    const notable = ctx.state.failure !== undefined || durationMs > slowMs;
    if (!notable && !logger.isLevelEnabled('debug')) return;
    logger[notable ? 'info' : 'debug'](
      {
        requestId: ctx.state.requestId,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        code: ctx.state.failure ?? 'ok',
        viewerId: ctx.state.viewerId,
        durationMs: Math.round(durationMs * 10) / 10,
      },
      'request',
    );
  };

/** Counts and times requests by route pattern, never by path, so that the number of series is bounded. */
export const measureRequests = (metrics: Metrics): Middleware => {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by route pattern and outcome ("ok" or the failure\'s code)',
    labelNames: ['method', 'route', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  return async (ctx, next) => {
    const startedMs = performance.now();
    await next();
    const labels = { method: methodOf(ctx), route: routeOf(ctx), code: ctx.state.failure ?? 'ok' };
    durations.observe(labels, (performance.now() - startedMs) / 1000);
  };
};

const methodOf = (ctx: Context): string =>
  /^(GET|HEAD|POST|PUT|PATCH|DELETE)$/.test(ctx.method) ? ctx.method : 'OTHER';

const routeOf = (ctx: Context): string => {
  const route: unknown = ctx._matchedRoute;
  return typeof route === 'string' ? route : 'none';
};
