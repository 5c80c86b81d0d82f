import { randomUUID } from 'node:crypto';
import { ApiError } from '../../errors.ts';
import type { Scripts } from '../../redis/scripts.ts';
import type { Announce } from '../announce.ts';
import type { Counters } from '../counts/columns.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import type { Touched } from '../touched/touched.ts';
import { type CommentList, type CommentListOptions, cachedComments, createCommentList } from './list.ts';
import type { CommentRow } from './load.ts';
import { commentMember, commentView } from './present.ts';

/** The scripts of this folder. */
export const commentScripts = ['move', 'store'] as const;

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
  /** What must hold before; it travels with the first commands to Redis. */
  check: Promise<unknown>;
  /** The transaction; an ApiError says that it wrote nothing. */
  write: () => Promise<CommentState>;
}

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
   * Runs a transaction that writes or deletes a comment, and moves what is cached to what it left. Before it begins, what
   * is cached is told that it comes, and ends within seconds unless the rest is told: so a process that dies in between
   * leaves nothing wrong. Rejects, with nothing written, when Redis is away by then.
   */
  change: (change: CommentChange) => Promise<CommentRow>;
}

/** Comments at which a cached list is dropped to be loaded afresh. */
const maxEntries = cachedComments * 2;
/** Tokens of processes that died are forgotten after this time without a change: longer than a transaction may wait. */
const changesLiveMs = 60_000;

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

  /** Nothing was written, so there is nothing to tell; where this fails, the token ends by itself. */
  const forget = (videoId: number, token: string) =>
    redis.srem(commentChanges(videoId), token).catch(options.onCacheFailure);

  return {
    page: createCommentList({ ...options, storeComments: scripts.store }),
    change: async ({ videoId, check, write }) => {
      const token = randomUUID();
      try {
        await Promise.all([check, doubt(videoId, token)]);
        const state = await write();
        await announce({ videoId, commentId: state.comment.id }, () => tell(state, token));
        return state.comment;
      } catch (error) {
        if (error instanceof ApiError) await forget(videoId, token);
        throw error;
      }
    },
  };
}
