import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { answerList, listOfUser, parseListPage } from '../../shared/http/list-page.ts';
import type { ListDeps } from '../present-video-list.ts';

/** GET /douyin/favorite/list/: what a user likes, the last liked first. */
export const favoriteList =
  ({ models, presentVideoList, defaultListLimit }: ListDeps): Middleware =>
  async (ctx) => {
    const { userId, limit, cursor } = parseListPage(ctx, defaultListLimit);
    const viewer = models.viewer(viewerOf(ctx));
    const page = await listOfUser(models, userId, models.likes.page(userId, { beforeVersion: cursor, limit }));
    const known = userId === viewer.id ? { liked: new Set(page.entries.map(({ videoId }) => videoId)) } : {};
    answerList(ctx, 'video_list', await presentVideoList(page.entries, viewer, known), page.nextCursor);
  };
