import Router from '@koa/router';
import type { DefaultContext } from 'koa';
import { createApp } from '../shared/http/app.ts';
import { authenticate } from '../shared/http/authentication.ts';
import type { RequestState } from '../shared/http/context.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { ReadModels } from '../shared/read-models/index.ts';
import { emptyUser } from '../shared/read-models/user/present.ts';
import type { Tokens } from '../shared/tokens.ts';
import { user } from './routes/user.ts';

export interface UserAppOptions {
  logger: Logger;
  metrics: Metrics;
  tokens: Pick<Tokens, 'verify'>;
  models: Pick<ReadModels, 'users'>;
  mediaBaseUrl: string;
}

/** The API of users: their profiles. */
export function createUserApp({ logger, metrics, tokens, models, mediaBaseUrl }: UserAppOptions) {
  const router = new Router<RequestState, DefaultContext>().get('/douyin/user/', user({ models, mediaBaseUrl }));
  return createApp({ logger, metrics, empty: { '/douyin/user/': { user: emptyUser } } })
    .use(authenticate(tokens))
    .use(router.routes())
    .use(router.allowedMethods());
}
