import Koa, { type DefaultContext } from 'koa';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Middleware, RequestState } from './context.ts';
import { answerErrors, type EmptyPayloads } from './failures.ts';
import { identifyRequest, observeRequests } from './observation.ts';
import { readParameters } from './parameters.ts';

interface AppOptions {
  logger: Logger;
  metrics: Metrics;
  empty?: EmptyPayloads;
  /** Paths whose route reads the body by itself; `state.parameters` then holds the query alone. */
  streamedPaths?: readonly string[];
  maxBodyBytes?: number;
}

/** An application with everything that each service's requests share; the service adds its routes. */
export function createApp({ logger, metrics, empty = {}, streamedPaths = [], maxBodyBytes = 64 * 1024 }: AppOptions) {
  const app = new Koa<RequestState, DefaultContext>();
  app.on('error', (error) => logger.warn({ error }, 'an answer could not be sent'));
  app.use(endWithSlash);
  app.use(identifyRequest);
  app.use(observeRequests({ logger, metrics }));
  app.use(answerErrors({ logger, empty }));
  app.use(readParameters({ maxBodyBytes, streamedPaths: streamedPaths.map((path) => path.replace(/\/?$/, '/')) }));
  return app;
}

/** Both slash forms of a path are one route: clients of the official API send either. */
const endWithSlash: Middleware = (ctx, next) => {
  const { path } = ctx;
  if (!path.endsWith('/')) ctx.path = `${path}/`;
  return next();
};
