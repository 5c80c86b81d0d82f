import type { Knex } from '../../mysql/database.ts';
import type { Keys } from '../keys.ts';
import { createNewestList, type NewestList, type NewestListOptions } from '../lookup/newest-list.ts';
import { timeToLiveMs } from '../lookup/time-to-live.ts';
import { loadComments, loadVideoRevision } from './load.ts';
import { type CommentView, commentMember, commentView, parseCommentMember } from './present.ts';

export interface CommentListOptions extends NewestListOptions {
  db: Knex;
  keys: Keys;
}

/** So many of a video's newest comments are cached when they are loaded; older ones come from the rows. */
export const cachedComments = 250;

/** The comments of videos. */
export function createCommentList({ db, keys, ...options }: CommentListOptions): NewestList<CommentView> {
  const { comments, commentsLease, commentChanges } = keys.video;
  return createNewestList<CommentView>(
    {
      keysOf: (id) => ({ list: comments(id), lease: commentsLease(id), changes: commentChanges(id) }),
      ...{ maxCached: cachedComments, livesMs: timeToLiveMs.comments },
      loadRevision: (videoId) => loadVideoRevision(db, videoId),
      loadEntries: async (videoId, page) => (await loadComments(db, { videoId, ...page })).map(commentView),
      ...{ memberOf: commentMember, parse: parseCommentMember },
    },
    options,
  );
}
