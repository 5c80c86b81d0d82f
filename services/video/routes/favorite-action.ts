import Type, { type Static } from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId } from '../../shared/http/input.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { LikeEvents } from '../like-events.ts';

const like = 1;
const unlike = 2;
const FavoriteAction = Type.Object({
  video_id: WireId,
  action_type: Type.Union([Type.Literal(like), Type.Literal(unlike)]),
});

interface Deps {
  models: Pick<ReadModels, 'videos' | 'likes'>;
  likeEvents: LikeEvents;
  limits: Pick<RateLimits<'likes'>, 'take'>;
}

/** POST /douyin/favorite/action/: durable in Kafka first, then in the cache, so that no like exists in the cache alone. */
export const favoriteAction =
  ({ models, likeEvents, limits }: Deps): Middleware =>
  async (ctx) => {
    const viewerId = requireViewer(ctx);
    const check = checkLike(models, viewerId, parseInput(ctx, FavoriteAction));
    const [action] = await Promise.all([check, limits.take(ctx, 'likes')]);
    await likeEvents.publish(action);
    await models.likes.move(action);
    ctx.body = { status_code: 0, status_msg: 'ok' };
  };

/** The video is there for everybody; the action gets its version. */
async function checkLike(models: Deps['models'], userId: number, input: Static<typeof FavoriteAction>) {
  const videoId = input.video_id;
  const [videos, begun] = await Promise.all([models.videos.find([videoId]), models.likes.begin(userId, videoId)]);
  const video = videos.get(videoId);
  if (video?.state !== 'ready') throw new ApiError('video_not_found');
  return { userId, videoId, authorId: video.authorId, liked: input.action_type === like, ...begun };
}
