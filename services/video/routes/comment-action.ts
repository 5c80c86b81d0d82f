import Type, { type Static } from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { requireViewer } from '../../shared/http/authentication.ts';
import type { Context, Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId, WireText } from '../../shared/http/input.ts';
import type { IdGenerator } from '../../shared/ids/generator.ts';
import type { RateLimits } from '../../shared/rate-limits/rate-limits.ts';
import { commentView, presentComment } from '../../shared/read-models/comments/present.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { PresentUser } from '../../shared/read-models/user/present.ts';
import type { CommentRows } from '../repositories/comments.ts';

const add = 1;
const remove = 2;
const Target = Type.Object({
  video_id: WireId,
  action_type: Type.Union([Type.Literal(add), Type.Literal(remove)]),
});
const NewComment = Type.Object({ comment_text: WireText({ minLength: 1, maxLength: 500 }) });
const KnownComment = Type.Object({ comment_id: WireId });

interface Deps {
  models: Pick<ReadModels, 'users' | 'videos' | 'comments'>;
  comments: CommentRows;
  ids: Pick<IdGenerator, 'next'>;
  presentUser: PresentUser;
  limits: Pick<RateLimits<'comments'>, 'take'>;
}

/** POST /douyin/comment/action/: comments on a video, or deletes a comment of one's own or on one's own video. */
export const commentAction = (deps: Deps): Middleware => {
  const addComment = createAddition(deps);
  const removeComment = createRemoval(deps);
  return async (ctx) => {
    const userId = requireViewer(ctx);
    const target = parseInput(ctx, Target);
    if (target.action_type === add) await addComment(ctx, userId, target);
    else await removeComment(ctx, userId, target);
  };
};

type Action = (ctx: Context, userId: number, target: Static<typeof Target>) => Promise<void>;

const createAddition =
  ({ models, comments, ids, presentUser, limits }: Deps): Action =>
  async (ctx, userId, { video_id: videoId }) => {
    const { comment_text: content } = parseInput(ctx, NewComment);
    const target = findTarget(models, userId, videoId);
    const check = Promise.all([target, limits.take(ctx, 'comments')]);
    const write = async () => comments.add({ id: await ids.next(), videoId, userId, content });
    const comment = await models.comments.change({ videoId, check, write });
    const user = presentUser((await target).user, false);
    ctx.type = 'application/json';
    ctx.body = `{"status_code":0,"status_msg":"ok","comment":${presentComment(commentView(comment), user)}}`;
  };

const createRemoval =
  ({ models, comments, limits }: Deps): Action =>
  async (ctx, userId, { video_id: videoId }) => {
    const { comment_id: commentId } = parseInput(ctx, KnownComment);
    const target = findTarget(models, userId, videoId);
    const check = Promise.all([target, limits.take(ctx, 'comments')]);
    const write = async () => {
      const videoAuthorId = (await target).video.authorId;
      return comments.remove({ commentId, videoId, userId, videoAuthorId });
    };
    await models.comments.change({ videoId, check, write });
    ctx.body = { status_code: 0, status_msg: 'ok' };
  };

/** The caller is there, and the video is there for everybody. */
async function findTarget(models: Deps['models'], userId: number, videoId: number) {
  const [users, videos] = await Promise.all([models.users.find([userId]), models.videos.find([videoId])]);
  const [user, video] = [users.get(userId), videos.get(videoId)];
  if (!user) throw new ApiError('token_invalid');
  if (video?.state !== 'ready') throw new ApiError('video_not_found');
  return { user, video };
}
