import { ApiError } from '../errors.ts';
import type { Tokens } from '../tokens.ts';
import type { Context, Middleware } from './context.ts';

/** Finds out who calls. An absent or invalid token is an anonymous caller; a route that writes asks `requireViewer`. */
export const authenticate =
  (tokens: Pick<Tokens, 'verify'>): Middleware =>
  (ctx, next) => {
    const token = tokenOf(ctx);
    ctx.state.viewerId = token === undefined ? undefined : tokens.verify(token);
    return next();
  };

/** The token that a request carries: the parameter of the official API, or a bearer token. */
export function tokenOf(ctx: Context): string | undefined {
  const parameter = ctx.state.parameters.get('token');
  if (parameter !== undefined) return parameter;
  return /^Bearer +(\S+)$/i.exec(ctx.get('authorization'))?.[1];
}

/** The caller, or undefined for an anonymous one. */
export const viewerOf = (ctx: Context): number | undefined => ctx.state.viewerId;

/** The caller of a route that anonymous callers may not use. */
export function requireViewer(ctx: Context): number {
  if (ctx.state.viewerId === undefined) throw new ApiError('token_invalid');
  return ctx.state.viewerId;
}
