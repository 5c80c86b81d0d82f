import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId } from '../../shared/http/input.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { FollowRows } from '../repositories/follows.ts';

const follow = 1;
const unfollow = 2;
const RelationAction = Type.Object({
  to_user_id: WireId,
  action_type: Type.Union([Type.Literal(follow), Type.Literal(unfollow)]),
});

interface Deps {
  models: Pick<ReadModels, 'users' | 'follows'>;
  follows: FollowRows;
  limits: Pick<RateLimits<'follows'>, 'take'>;
}

/** POST /douyin/relation/action/: follows or unfollows another user; a repetition is a success that changes nothing. */
export const relationAction =
  ({ models, follows, limits }: Deps): Middleware =>
  async (ctx) => {
    const viewerId = requireViewer(ctx);
    const { to_user_id, action_type } = parseInput(ctx, RelationAction);
    if (viewerId === to_user_id)
      throw new ApiError('invalid_request', 'to_user_id is your own: nobody follows themselves, name another user');
    const pair = { followerId: viewerId, followingId: to_user_id };
    await models.follows.change({
      ...pair,
      check: Promise.all([checkUsers(models, viewerId, to_user_id), limits.take(ctx, 'follows')]),
      write: () => follows.write({ ...pair, follows: action_type === follow }),
    });
    ctx.body = { status_code: 0, status_msg: 'ok' };
  };

/** Both are there. */
async function checkUsers(models: Deps['models'], viewerId: number, otherId: number): Promise<void> {
  const users = await models.users.find([viewerId, otherId]);
  if (!users.has(viewerId)) throw new ApiError('token_invalid');
  if (!users.has(otherId)) throw new ApiError('user_not_found');
}
