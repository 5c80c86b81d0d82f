import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { answerList, listOfUser, parseListPage } from '../../shared/http/list-page.ts';
import type { UserListDeps } from '../present-user-list.ts';

/** GET /douyin/relation/follower/list/: who follows a user, the last one first. */
export const followerList =
  ({ models, presentUserList, defaultListLimit }: UserListDeps): Middleware =>
  async (ctx) => {
    const { userId, limit, cursor } = parseListPage(ctx, defaultListLimit);
    const viewer = models.viewer(viewerOf(ctx));
    const page = models.follows.followers(userId, { beforeRevision: cursor, limit });
    const { entries, nextCursor } = await listOfUser(models, userId, page);
    const ids = entries.map((entry) => entry.userId);
    answerList(ctx, 'user_list', await presentUserList(ids, viewer), nextCursor);
  };
