import Type from 'typebox';
import { ApiError } from '../../shared/errors.ts';
import { viewerOf } from '../../shared/http/authentication.ts';
import type { Middleware } from '../../shared/http/context.ts';
import { parseInput, WireId } from '../../shared/http/input.ts';
import { answerList, pageParameters } from '../../shared/http/list-page.ts';
import { presentComment } from '../../shared/read-models/comments/present.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { PresentUser } from '../../shared/read-models/user/present.ts';

const CommentListQuery = Type.Object({ video_id: WireId, ...pageParameters });

interface Deps {
  models: Pick<ReadModels, 'users' | 'videos' | 'comments' | 'follows' | 'viewer'>;
  presentUser: PresentUser;
  defaultListLimit: number;
}

/** GET /douyin/comment/list/: the comments of a video, newest first. */
export const commentList = ({ models, presentUser, defaultListLimit }: Deps): Middleware => {
  const present = createPresenter(models, presentUser);
  return async (ctx) => {
    const { video_id, limit = defaultListLimit, cursor } = parseInput(ctx, CommentListQuery);
    const viewer = models.viewer(viewerOf(ctx));
    const [isThere, { entries: comments, nextCursor }] = await Promise.all([
      models.videos.exists(video_id),
      models.comments.page(video_id, { beforeRevision: cursor, limit }),
    ]);
    if (!isThere) throw new ApiError('video_not_found');
    answerList(ctx, 'comment_list', await present(comments, viewer), nextCursor);
  };
};

type Found = Awaited<ReturnType<ReadModels['comments']['page']>>['entries'];

/** Comments as a JSON array, their authors as the caller sees them. */
function createPresenter({ users, follows }: Pick<ReadModels, 'users' | 'follows'>, presentUser: PresentUser) {
  return async (comments: Found, viewer: ReturnType<ReadModels['viewer']>): Promise<string> => {
    const authorIds = [...new Set(comments.map(({ userId }) => userId))];
    const [authors, followed] = await Promise.all([
      viewer.isTouched.then((isTouched) => users.glance(authorIds, isTouched)),
      viewer.id === undefined ? new Set<number>() : follows.among(viewer.id, authorIds),
    ]);
    const texts = comments.flatMap((comment) => {
      const author = authors.get(comment.userId);
      return author ? [presentComment(comment, presentUser(author, followed.has(comment.userId)))] : [];
    });
    return `[${texts.join(',')}]`;
  };
}
