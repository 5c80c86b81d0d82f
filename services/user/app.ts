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
import { createUserListPresenter } from './present-user-list.ts';
import type { FollowRows } from './repositories/follows.ts';
import { followList } from './routes/follow-list.ts';
import { followerList } from './routes/follower-list.ts';
import { relationAction } from './routes/relation-action.ts';
import { user } from './routes/user.ts';

export interface UserAppOptions {
  logger: Logger;
  metrics: Metrics;
  tokens: Pick<Tokens, 'verify'>;
  models: Pick<ReadModels, 'users' | 'follows' | 'viewer'>;
  follows: FollowRows;
  mediaBaseUrl: string;
  defaultListLimit: number;
}

const emptyList = { user_list: [] };

/** The API of users: their profiles, and who follows whom. */
export function createUserApp(options: UserAppOptions) {
  const { logger, metrics, tokens, models, follows, mediaBaseUrl, defaultListLimit } = options;
  const lists = { models, presentUserList: createUserListPresenter(options), defaultListLimit };
  const router = new Router<RequestState, DefaultContext>()
    .get('/douyin/user/', user({ models, mediaBaseUrl }))
    .post('/douyin/relation/action/', relationAction({ models, follows }))
    .get('/douyin/relation/follow/list/', followList(lists))
    .get('/douyin/relation/follower/list/', followerList(lists));
  const empty = {
    '/douyin/user/': { user: emptyUser },
    '/douyin/relation/follow/list/': emptyList,
    '/douyin/relation/follower/list/': emptyList,
  };
  return createApp({ logger, metrics, empty })
    .use(authenticate(tokens))
    .use(router.routes())
    .use(router.allowedMethods());
}
