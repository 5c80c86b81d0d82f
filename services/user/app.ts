import Router from '@koa/router';
import type { DefaultContext } from 'koa';
import { createApp } from '../shared/http/app.ts';
import { authenticate } from '../shared/http/authentication.ts';
import type { RequestState } from '../shared/http/context.ts';
import { routesOf } from '../shared/http/routes.ts';
import type { IdGenerator } from '../shared/ids/generator.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { RateLimits } from '../shared/rate-limits/rate-limits.ts';
import type { ReadModels } from '../shared/read-models/index.ts';
import { emptyUser } from '../shared/read-models/user/present.ts';
import type { Tokens } from '../shared/tokens.ts';
import { createUserListPresenter } from './present-user-list.ts';
import type { FollowRows } from './repositories/follows.ts';
import type { MessageRows } from './repositories/messages.ts';
import { followList } from './routes/follow-list.ts';
import { followerList } from './routes/follower-list.ts';
import { friendList } from './routes/friend-list.ts';
import { messageAction } from './routes/message-action.ts';
import { messageChat } from './routes/message-chat.ts';
import { relationAction } from './routes/relation-action.ts';
import { user } from './routes/user.ts';

export interface UserAppOptions {
  logger: Logger;
  metrics: Metrics;
  tokens: Pick<Tokens, 'verify'>;
  models: Pick<ReadModels, 'users' | 'follows' | 'chats' | 'viewer'>;
  follows: FollowRows;
  limits: Pick<RateLimits<'follows' | 'messages'>, 'take'>;
  messages: MessageRows;
  ids: Pick<IdGenerator, 'next'>;
  mediaBaseUrl: string;
  defaultListLimit: number;
}

const emptyList = { user_list: [] };

/** The API of users: their profiles, who follows whom, and chats. */
export function createUserApp(options: UserAppOptions) {
  const { logger, metrics, tokens, models, follows, limits, messages, ids, mediaBaseUrl, defaultListLimit } = options;
  const lists = { models, presentUserList: createUserListPresenter(options), defaultListLimit };
  const router = new Router<RequestState, DefaultContext>()
    .get('/douyin/user/', user({ models, mediaBaseUrl }))
    .post('/douyin/relation/action/', relationAction({ models, follows, limits }))
    .get('/douyin/relation/follow/list/', followList(lists))
    .get('/douyin/relation/follower/list/', followerList(lists))
    .get('/douyin/relation/friend/list/', friendList(lists))
    .get('/douyin/message/chat/', messageChat({ models, defaultListLimit }))
    .post('/douyin/message/action/', messageAction({ models, messages, ids, limits }));
  const empty = {
    '/douyin/user/': { user: emptyUser },
    '/douyin/relation/follow/list/': emptyList,
    '/douyin/relation/follower/list/': emptyList,
    '/douyin/relation/friend/list/': emptyList,
    '/douyin/message/chat/': { message_list: [] },
  };
  return createApp({ logger, metrics, empty }).use(authenticate(tokens)).use(routesOf(router));
}
