import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { answerList, listOfUser, parseListPage } from '../../shared/http/list-page.ts';
import type { ListDeps } from '../present-video-list.ts';

/** GET /douyin/publish/list/: a user's videos, newest first; the author also sees what is not ready, and why. */
export const publishList =
  ({ models, presentVideoList, defaultListLimit }: ListDeps): Middleware =>
  async (ctx) => {
    const { userId, limit, cursor } = parseListPage(ctx, defaultListLimit);
    const viewer = models.viewer(viewerOf(ctx));
    const query = { authorId: userId, isOwn: userId === viewer.id, beforeId: cursor, limit };
    const { works, nextCursor } = await listOfUser(models, userId, models.videos.works(query));
    const listed = works.map(({ id }) => ({ videoId: id, authorId: userId }));
    answerList(ctx, 'video_list', await presentVideoList(listed, viewer), nextCursor);
  };
