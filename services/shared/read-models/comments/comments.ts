import type { Scripts } from '../../redis/scripts.ts';
import type { Counters } from '../counts/columns.ts';
import type { NewestList } from '../lookup/newest-list.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { RunChange } from '../run-change.ts';
import type { Touched } from '../touched/touched.ts';
import { type CommentListOptions, cachedComments, createCommentList } from './list.ts';
import type { CommentRow } from './load.ts';
import { type CommentView, commentMember, commentView } from './present.ts';

/** The scripts of this folder. */
export const commentScripts = ['move'] as const;

/** What the rows hold after a comment was written or deleted. */
export interface CommentState {
  videoId: number;
  /** Who acted: the comment's author, or the video's. */
  actorId: number;
  comment: CommentRow;
  isDeleted: boolean;
  counters: Counters<'video'>;
}

/** A comment that is to be written or deleted. */
interface CommentChange {
  videoId: number;
  check: Promise<unknown>;
  write: () => Promise<CommentState>;
}

interface CommentsOptions extends CommentListOptions {
  scripts: Scripts<(typeof commentScripts)[number]>;
  runChange: RunChange;
  touched: Touched;
  /** Shows the counters that a transaction left. */
  showCounts: (videoId: number, counters: Counters<'video'>) => Promise<unknown>;
}

export interface Comments {
  /** The comments of a video, newest first. */
  page: NewestList<CommentView>['page'];
  /** Writes or deletes a comment, as `RunChange` says. */
  change: (change: CommentChange) => Promise<CommentRow>;
}

/** Comments at which a cached list is dropped to be loaded afresh. */
const maxEntries = cachedComments * 2;

/** The comments of videos: read out of Redis or the rows, and the way of a change into the cache. */
export function createComments({ scripts, runChange, ...options }: CommentsOptions): Comments {
  const { touched, showCounts } = options;
  const { comments: listOf, commentsLease, commentChanges, view: viewOf } = options.keys.video;

  const tell = ({ videoId, actorId, comment, isDeleted, counters }: CommentState, token: string) => {
    const member = isDeleted ? '' : commentMember(commentView(comment));
    return Promise.all([
      scripts.move(
        [listOf(videoId), commentsLease(videoId), commentChanges(videoId)],
        [token, comment.revision, member, counters.revision ?? 0, maxEntries, withJitter(timeToLiveMs.comments)],
      ),
      showCounts(videoId, counters), // after the token is gone
      touched.note(actorId, { videos: [videoId] }),
    ]);
  };

  return {
    page: createCommentList(options).page,
    change: async ({ videoId, check, write }) => {
      const place = { changes: commentChanges(videoId), cached: [listOf(videoId), viewOf(videoId)] };
      const { comment } = await runChange({ shownBy: [place], check, write, tell });
      return comment;
    },
  };
}
