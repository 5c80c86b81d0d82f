import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer, viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId } from '../../shared/http/input.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import { createUserPresenter } from '../../shared/read-models/user/present.ts';

const nobody: ReadonlySet<number> = new Set();

const UserQuery = Type.Object({ user_id: Type.Optional(WireId) });

interface Deps {
  models: Pick<ReadModels, 'users' | 'follows'>;
  mediaBaseUrl: string;
}

/** GET /douyin/user/: a user's profile; without an id the caller's own. */
export const user = ({ models, mediaBaseUrl }: Deps): Middleware => {
  const presentUser = createUserPresenter(mediaBaseUrl);
  return async (ctx) => {
    const userId = parseInput(ctx, UserQuery).user_id ?? requireViewer(ctx);
    const viewerId = viewerOf(ctx);
    const [users, followed] = await Promise.all(
      viewerId === undefined
        ? [models.users.glance([userId], () => false), nobody]
        : [models.users.find([userId]), models.follows.among(viewerId, [userId])],
    );
    const view = users.get(userId);
    if (!view) throw new ApiError('user_not_found');
    ctx.type = 'application/json';
    ctx.body = `{"status_code":0,"status_msg":"ok","user":${presentUser(view, followed.has(userId))}}`;
  };
};
