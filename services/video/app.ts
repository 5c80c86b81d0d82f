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
import { createUserPresenter } from '../shared/read-models/user/present.ts';
import type { Tokens } from '../shared/tokens.ts';
import type { LikeEvents } from './like-events.ts';
import { createVideoListPresenter } from './present-video-list.ts';
import type { CommentRows } from './repositories/comments.ts';
import { commentAction } from './routes/comment-action.ts';
import { commentList } from './routes/comment-list.ts';
import { favoriteAction } from './routes/favorite-action.ts';
import { favoriteList } from './routes/favorite-list.ts';
import { feed } from './routes/feed.ts';
import { publishList } from './routes/publish-list.ts';

export interface VideoAppOptions {
  logger: Logger;
  metrics: Metrics;
  tokens: Pick<Tokens, 'verify'>;
  models: ReadModels;
  likeEvents: LikeEvents;
  limits: Pick<RateLimits<'likes' | 'comments'>, 'take'>;
  comments: CommentRows;
  ids: Pick<IdGenerator, 'next'>;
  /** A link for a short time to an original, which only its author is given. */
  signOriginal: (path: string) => Promise<string>;
  mediaBaseUrl: string;
  publicUrl: string;
  feedPageSize: number;
  defaultListLimit: number;
}

const emptyList = { video_list: [] };

/** The API of videos: feed, likes, and the lists of what a user published and likes. */
export function createVideoApp(options: VideoAppOptions) {
  const { logger, metrics, tokens, models, likeEvents, limits, feedPageSize, defaultListLimit } = options;
  const presentUser = createUserPresenter(options.mediaBaseUrl);
  const presentVideoList = createVideoListPresenter(options);
  const lists = { models, presentVideoList, defaultListLimit };
  const router = new Router<RequestState, DefaultContext>()
    .get('/douyin/feed/', feed({ models, presentVideoList, feedPageSize }))
    .get('/douyin/publish/list/', publishList(lists))
    .get('/douyin/favorite/list/', favoriteList(lists))
    .post('/douyin/favorite/action/', favoriteAction({ models, likeEvents, limits }))
    .get('/douyin/comment/list/', commentList({ models, presentUser, defaultListLimit }))
    .post('/douyin/comment/action/', commentAction({ ...options, presentUser }));
  const empty = {
    '/douyin/feed/': { ...emptyList, next_time: 0 },
    '/douyin/publish/list/': emptyList,
    '/douyin/favorite/list/': emptyList,
    '/douyin/comment/list/': { comment_list: [] },
  };
  return createApp({ logger, metrics, empty }).use(authenticate(tokens)).use(routesOf(router));
}
