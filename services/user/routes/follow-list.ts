import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { answerList, listOfUser, parseListPage } from '../../shared/http/list-page.ts';
import type { UserListDeps } from '../present-user-list.ts';

/** GET /douyin/relation/follow/list/: whom a user follows, the last followed first. */
export const followList =
  ({ models, presentUserList, defaultListLimit }: UserListDeps): Middleware =>
  async (ctx) => {
    const { userId, limit, cursor } = parseListPage(ctx, defaultListLimit);
    const viewer = models.viewer(viewerOf(ctx));
    const page = models.follows.following(userId, { beforeRevision: cursor, limit });
    const { entries, nextCursor } = await listOfUser(models, userId, page);
    const ids = entries.map((entry) => entry.userId);
    const known = userId === viewer.id ? { followed: new Set(ids) } : {};
    answerList(ctx, 'user_list', await presentUserList(ids, viewer, known), nextCursor);
  };
