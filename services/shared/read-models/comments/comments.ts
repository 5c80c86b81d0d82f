import { randomUUID } from 'node:crypto';
import type { Scripts } from '../../redis/scripts.ts';
import type { Announce } from '../announce.ts';
import type { Counters } from '../counts/columns.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { Touched } from '../touched/touched.ts';
import { type CommentList, type CommentListOptions, cachedComments, createCommentList } from './list.ts';
import type { CommentRow } from './load.ts';
import { type CommentView, commentMember, commentView } from './present.ts';

/** The scripts of this folder. */
export const commentScripts = ['move', 'store'] as const;

/** What the rows hold after a comment was written or deleted. */
export interface CommentState {
  videoId: number;
  /** Who acted: the comment's author, or the video's. */
  actorId: number;
  commentId: number;
  /** Undefined after a deletion. */
  comment?: CommentRow;
  counters: Counters<'video'>;
}

/** May be awaited again when the transaction has to be repeated. */
export type BeforeCommit = () => Promise<void>;

interface CommentsOptions extends Omit<CommentListOptions, 'storeComments'> {
  scripts: Scripts<(typeof commentScripts)[number]>;
  announce: Announce;
  touched: Touched;
  /** Shows the counters that a transaction left. */
  showCounts: (videoId: number, counters: Counters<'video'>) => Promise<unknown>;
  /** Lets a cached view end soon unless `showCounts` follows. */
  doubtCounts: (videoId: number) => Promise<unknown>;
}

export interface Comments {
  /** The comments of a video, newest first. */
  page: CommentList;
  /**
   * Runs a transaction that writes or deletes a comment, and moves what is cached to what it left. Right before its commit
   * it awaits `beforeCommit`: what is cached then ends within seconds unless the rest is told, so that a process which
   * dies in between leaves nothing wrong. Rejects, with nothing written, when Redis is away by then.
   */
  change: (
    videoId: number,
    write: (beforeCommit: BeforeCommit) => Promise<CommentState>,
  ) => Promise<CommentView | undefined>;
}

/** Comments at which a cached list is dropped to be loaded afresh. */
const maxEntries = cachedComments * 2;
/** Tokens of processes that died are forgotten after this time without a change: longer than a list in doubt lives. */
const changesLiveMs = 2 * timeToLiveMs.doubt;

/** The comments of videos: read out of Redis or the rows, and the way of a change into the cache. */
export function createComments({ scripts, announce, ...options }: CommentsOptions): Comments {
  const { redis, keys, touched, showCounts, doubtCounts } = options;
  const { comments: listOf, commentsLease, commentChanges } = keys.video;

  // The commands of one tick travel in order on one connection.
  const doubt = async (videoId: number, token: string): Promise<void> => {
    await Promise.all([
      redis.sadd(commentChanges(videoId), token),
      redis.pexpire(commentChanges(videoId), changesLiveMs),
      redis.pexpire(listOf(videoId), timeToLiveMs.doubt, 'LT'),
      doubtCounts(videoId),
    ]);
  };

  const tell = ({ videoId, actorId, commentId, counters }: CommentState, member: string, token: string) =>
    Promise.all([
      showCounts(videoId, counters),
      scripts.move(
        [listOf(videoId), commentsLease(videoId), commentChanges(videoId)],
        [token, commentId, member, counters.revision ?? 0, maxEntries, withJitter(timeToLiveMs.comments)],
      ),
      touched.note(actorId, { videos: [videoId] }),
    ]);

  return {
    page: createCommentList({ ...options, storeComments: scripts.store }),
    change: async (videoId, write) => {
      const token = randomUUID();
      const state = await write(() => doubt(videoId, token));
      const view = state.comment && commentView(state.comment);
      const member = view ? commentMember(view) : '';
      await announce({ videoId, commentId: state.commentId }, () => tell(state, member, token));
      return view;
    },
  };
}
