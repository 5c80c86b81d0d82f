import { requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { answerList, listOfUser, parseListPage } from '../../shared/http/list-page.ts';
import { friendMembers } from '../../shared/read-models/chats/present.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { UserListDeps } from '../present-user-list.ts';

interface Deps extends UserListDeps {
  models: UserListDeps['models'] & Pick<ReadModels, 'chats'>;
}

/**
 * GET /douyin/relation/friend/list/: who follows a user and is followed back, with the caller's newest message with each.
 * Unlike the lists of follows it is not public.
 */
export const friendList =
  ({ models, presentUserList, defaultListLimit }: Deps): Middleware =>
  async (ctx) => {
    const viewerId = requireViewer(ctx);
    const { userId, limit, cursor } = parseListPage(ctx, defaultListLimit);
    const viewer = models.viewer(viewerId);
    const page = models.follows.friends(userId, { beforeRevision: cursor, limit });
    const { entries, nextCursor } = await listOfUser(models, userId, page);
    const ids = entries.map((entry) => entry.userId);
    const members = membersOf(models.chats, viewerId, ids);
    const known = userId === viewerId ? { followed: new Set(ids) } : {};
    answerList(ctx, 'user_list', await presentUserList(ids, viewer, { members, ...known }), nextCursor);
  };

/** What the caller last wrote to each or read from them; what others write to each other is nobody else's. */
async function membersOf(chats: ReadModels['chats'], viewerId: number, ids: readonly number[]) {
  const newest = await chats.newest(viewerId, ids);
  return new Map(ids.map((id) => [id, friendMembers(newest.get(id))]));
}
