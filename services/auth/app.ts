import Router from '@koa/router';
import type { DefaultContext } from 'koa';
import { createApp } from '../shared/http/app.ts';
import type { RequestState } from '../shared/http/context.ts';
import { routesOf } from '../shared/http/routes.ts';
import type { IdGenerator } from '../shared/ids/generator.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { RateLimits } from '../shared/rate-limits/rate-limits.ts';
import type { Tokens } from '../shared/tokens.ts';
import type { Passwords } from './passwords.ts';
import type { Accounts } from './repositories/accounts.ts';
import { login } from './routes/login.ts';
import { logout, logoutEverywhere } from './routes/logout.ts';
import { register } from './routes/register.ts';
import type { Sessions } from './sessions.ts';

export interface AuthAppOptions {
  logger: Logger;
  metrics: Metrics;
  accounts: Accounts;
  passwords: Passwords;
  ids: Pick<IdGenerator, 'next'>;
  tokens: Pick<Tokens, 'read'>;
  sessions: Sessions;
  limits: Pick<RateLimits<'registrations' | 'logins'>, 'take'>;
  minPasswordLength: number;
}

/** The API of accounts and of their sessions. */
export function createAuthApp({ logger, metrics, ...deps }: AuthAppOptions) {
  const router = new Router<RequestState, DefaultContext>()
    .post('/douyin/user/register/', register(deps))
    .post('/douyin/user/login/', login({ ...deps, logger }))
    .post('/v1/logout/', logout(deps))
    .post('/v1/logout-everywhere/', logoutEverywhere(deps));
  const nobody = { user_id: 0, token: '' };
  return createApp({ logger, metrics, empty: { '/douyin/user/register/': nobody, '/douyin/user/login/': nobody } }).use(
    routesOf(router),
  );
}
