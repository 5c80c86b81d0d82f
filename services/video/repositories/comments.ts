import { ApiError } from '../../shared/errors.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import { type Counters, countColumns } from '../../shared/read-models/counts/columns.ts';
import type { CommentState } from '../../shared/read-models/index.ts';

interface NewComment {
  id: number;
  videoId: number;
  userId: number;
  content: string;
}

interface Deletion {
  commentId: number;
  videoId: number;
  /** Whose wish it is. */
  userId: number;
  /** Author of the video, who may delete every comment there. */
  videoAuthorId: number;
}

export interface CommentRows {
  /** Writes a comment and counts it. */
  add(comment: NewComment): Promise<CommentState>;
  /** Deletes a comment; throws `comment_not_found` for one that is not there or not the user's to delete. */
  remove(deletion: Deletion): Promise<CommentState>;
}

/** The rows of comments. Whoever writes holds the counters of the video, so that their revisions order the changes. */
export const createCommentRows = ({ db, now = Date.now }: { db: Knex; now?: () => number }): CommentRows => ({
  add: ({ id, videoId, userId, content }) =>
    transact(db, async (trx) => {
      const counters = moved(await lockCounters(trx, videoId), 1);
      const comment = { id, revision: counters.revision, userId, content, createdAt: now() };
      await trx('comment').insert({
        ...{ id, video_id: videoId, video_revision: comment.revision, user_id: userId },
        ...{ content, created_at: comment.createdAt },
      });
      await writeCounters(trx, videoId, counters);
      return { videoId, actorId: userId, comment, isDeleted: false, counters };
    }),

  remove: ({ commentId, videoId, userId, videoAuthorId }) =>
    transact(db, async (trx) => {
      const counters = moved(await lockCounters(trx, videoId), -1);
      const comment = await findComment(trx, { commentId, videoId });
      if (!comment || (comment.userId !== userId && videoAuthorId !== userId)) throw new ApiError('comment_not_found');
      await trx('comment').where('id', commentId).delete();
      await writeCounters(trx, videoId, counters);
      return { videoId, actorId: userId, comment, isDeleted: true, counters };
    }),
});

const findComment = async (
  trx: Knex,
  { commentId, videoId }: Pick<Deletion, 'commentId' | 'videoId'>,
): Promise<CommentState['comment'] | undefined> =>
  trx('comment')
    .where({ id: commentId, video_id: videoId })
    .first({
      ...{ id: 'id', revision: 'video_revision', userId: 'user_id' },
      ...{ content: 'content', createdAt: 'created_at' },
    });

async function lockCounters(trx: Knex, videoId: number): Promise<Counters<'video'>> {
  const lock = (): Promise<Counters<'video'> | undefined> =>
    trx('video_counter')
      .where('video_id', videoId)
      .forUpdate()
      .first('revision', ...countColumns.video);
  const locked = await lock();
  if (locked) return locked;
  await trx('video_counter').insert({ video_id: videoId }).onConflict('video_id').ignore();
  const created = await lock(); // a row that is missing counts as zeros, but cannot be locked
  if (!created) throw new Error(`the counters of video ${videoId} cannot be locked`);
  return created;
}

const moved = (counters: Counters<'video'>, step: 1 | -1) => ({
  ...counters,
  comment_count: (counters.comment_count ?? 0) + step,
  revision: (counters.revision ?? 0) + 1,
});

async function writeCounters(trx: Knex, videoId: number, counters: Counters<'video'>): Promise<void> {
  const { comment_count, revision } = counters;
  await trx('video_counter').where('video_id', videoId).update({ comment_count, revision });
}
