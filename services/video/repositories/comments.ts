import { ApiError } from '../../shared/errors.ts';
import { type Knex, transact } from '../../shared/mysql/database.ts';
import { type Counters, countColumns } from '../../shared/read-models/counts/columns.ts';
import type { BeforeCommentCommit as BeforeCommit, CommentState } from '../../shared/read-models/index.ts';

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
  add(comment: NewComment, beforeCommit: BeforeCommit): Promise<CommentState>;
  /** Deletes a comment; throws `comment_not_found` for one that is not there or not the user's to delete. */
  remove(deletion: Deletion, beforeCommit: BeforeCommit): Promise<CommentState>;
}

/** The rows of comments. Whoever writes holds the counters of the video, so that their revisions order the changes. */
export const createCommentRows = ({ db, now = Date.now }: { db: Knex; now?: () => number }): CommentRows => ({
  add: ({ id, videoId, userId, content }, beforeCommit) =>
    transact(db, async (trx) => {
      const counters = await lockCounters(trx, videoId);
      const createdAt = now();
      await trx('comment').insert({ id, video_id: videoId, user_id: userId, content, created_at: createdAt });
      const comment = { id, userId, content, createdAt };
      const state = { videoId, actorId: userId, commentId: id, comment, counters: moved(counters, 1) };
      await writeCounters(trx, videoId, state.counters);
      await beforeCommit();
      return state;
    }),

  remove: ({ commentId, videoId, userId, videoAuthorId }, beforeCommit) =>
    transact(db, async (trx) => {
      const counters = await lockCounters(trx, videoId);
      const row: { author: number } | undefined = await trx('comment')
        .where({ id: commentId, video_id: videoId })
        .first({ author: 'user_id' });
      if (!row || (row.author !== userId && videoAuthorId !== userId)) throw new ApiError('comment_not_found');
      await trx('comment').where('id', commentId).delete();
      const state = { videoId, actorId: userId, commentId, counters: moved(counters, -1) };
      await writeCounters(trx, videoId, state.counters);
      await beforeCommit();
      return state;
    }),
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

const moved = (counters: Counters<'video'>, step: 1 | -1): Counters<'video'> => ({
  ...counters,
  comment_count: (counters.comment_count ?? 0) + step,
  revision: (counters.revision ?? 0) + 1,
});

async function writeCounters(trx: Knex, videoId: number, counters: Counters<'video'>): Promise<void> {
  const { comment_count, revision } = counters;
  await trx('video_counter').where('video_id', videoId).update({ comment_count, revision });
}
