import type Router from '@koa/router';
import type { DefaultContext } from 'koa';
import type { Middleware, RequestState } from './context.ts';

/**
 * Leads requests to the routes of a router. A path without parameters, as all of the official API are, is found by its
 * name: the router would try every pattern and compose a chain for each request, at half the cost of an empty one.
 */
export function routesOf(router: Router<RequestState, DefaultContext>): Middleware {
  const [routes, otherMethods] = [router.routes() as Middleware, router.allowedMethods() as Middleware];
  const byName = new Map(router.stack.flatMap(namedHandlers));
  return (ctx, next) => {
    const route = byName.get(`${ctx.method} ${ctx.path}`);
    if (!route) return routes(ctx, () => otherMethods(ctx, next));
    ctx._matchedRoute = route.path;
    return route.handler(ctx, next);
  };
}

type Layer = Router<RequestState, DefaultContext>['stack'][number];

function namedHandlers({ path, methods, stack }: Layer): [name: string, { path: string; handler: Middleware }][] {
  const [handler, ...more] = stack as Middleware[];
  if (methods.length === 0) throw new Error('a router has routes only: the application uses what they share');
  if (!handler || more.length > 0 || typeof path !== 'string' || !/^[\w/-]+$/.test(path)) return [];
  return methods.map((method) => [`${method} ${path}`, { path, handler }]);
}
