import { ApiError } from '../../shared/errors.ts';
import { tokenOf } from '../../shared/http/authentication.ts';
import type { Context, Middleware } from '../../shared/http/context.ts';
import type { Session } from '../../shared/sessions/revocations.ts';
import type { Tokens } from '../../shared/tokens.ts';
import type { Sessions } from '../sessions.ts';

interface Deps {
  sessions: Pick<Sessions, 'end' | 'endAll'>;
  tokens: Pick<Tokens, 'read'>;
}

/** POST /v1/logout: revokes the token that the request carries. */
export const logout =
  ({ sessions, tokens }: Deps): Middleware =>
  async (ctx) => {
    await sessions.end(requireSession(ctx, tokens));
    ctx.status = 204;
  };

/** POST /v1/logout-everywhere: revokes every token of the caller. */
export const logoutEverywhere =
  ({ sessions, tokens }: Deps): Middleware =>
  async (ctx) => {
    await sessions.endAll(requireSession(ctx, tokens));
    ctx.status = 204;
  };

function requireSession(ctx: Context, tokens: Deps['tokens']): Session {
  const token = tokenOf(ctx);
  const session = token === undefined ? undefined : tokens.read(token);
  if (!session) throw new ApiError('token_invalid');
  ctx.state.viewerId = session.userId;
  return session;
}
