import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import { type CacheFailure, readCached } from '../lookup/read-cached.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { loadComments, loadVideoRevision } from './load.ts';
import { type CommentView, commentMember, commentView, parseCommentMember } from './present.ts';

export interface CommentListOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  claim: Script;
  storeComments: Script;
  onCacheFailure: CacheFailure;
}

export interface CommentsPage {
  /** The exclusive cursor that the page before gave. */
  beforeRevision?: number | undefined;
  limit: number;
}

export interface CommentsFound {
  comments: CommentView[];
  /** The cursor of the next page, when there is one. */
  nextCursor?: number;
}

export type CommentList = (videoId: number, page: CommentsPage) => Promise<CommentsFound>;

/** So many of a video's newest comments are cached when they are loaded; older ones come from the rows. */
export const cachedComments = 250;

interface LoadedComments {
  base: number;
  comments: CommentView[];
}

/** Pages through the comments of a video, newest first. */
export function createCommentList(options: CommentListOptions): CommentList {
  const { redis, db, keys, limitLoads, onCacheFailure } = options;
  const { comments: keyOf, commentsLease: leaseOf, commentChanges } = keys.video;

  const loadViews = async (videoId: number, page: CommentsPage): Promise<CommentView[]> =>
    (await loadComments(db, { videoId, ...page })).map(commentView);
  const loadNewest = async (videoId: number): Promise<LoadedComments> => {
    const base = await loadVideoRevision(db, videoId); // first: the rows then hold all that was committed until then
    return { base, comments: await loadViews(videoId, { limit: cachedComments + 1 }) };
  };
  const load = async (ids: readonly number[]) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await limitLoads(() => loadNewest(id))] as const)));
  const store = async (id: number, { base, comments }: LoadedComments = { base: 0, comments: [] }, token: string) => {
    const floor = comments[cachedComments]?.revision ?? 0;
    const entries = comments.slice(0, cachedComments).flatMap((comment) => [comment.revision, commentMember(comment)]);
    const args = [token, withJitter(timeToLiveMs.comments), timeToLiveMs.doubt, floor, base, ...entries];
    return (await options.storeComments([keyOf(id), leaseOf(id), commentChanges(id)], args)) === 1;
  };
  const fill = createFill({ keyOf, leaseOf, load, store }, options.claim);

  /** Undefined when the comments are not cached; null when the page reaches below what is. */
  const readPage = async (videoId: number, { beforeRevision, limit }: CommentsPage) => {
    const upper = beforeRevision === undefined ? '+inf' : `(${beforeRevision}`;
    const [reply, floor] = await Promise.all([
      redis.zrevrangebyscore(keyOf(videoId), upper, '(0', 'WITHSCORES', 'LIMIT', 0, limit + 1),
      redis.zscore(keyOf(videoId), 'floor'), // after the range: a list that was dropped in between is then noticed
    ]);
    if (floor === null) return undefined;
    const comments = parseReply(reply);
    return comments.length > limit || Number(floor) === 0 ? cutPage(comments, limit) : null;
  };

  return async (videoId, page) => {
    const cached = await readCached({
      read: () => readPage(videoId, page),
      fill: () => fill([videoId]),
      onCacheFailure,
    });
    return (
      cached ?? cutPage(await limitLoads(() => loadViews(videoId, { ...page, limit: page.limit + 1 })), page.limit)
    );
  };
}

/** The reply of a range with scores: member, score, member, score … */
function parseReply(reply: readonly string[]): CommentView[] {
  const comments: CommentView[] = [];
  for (let index = 0; index < reply.length; index += 2)
    comments.push(parseCommentMember(reply[index] ?? '', reply[index + 1] ?? ''));
  return comments;
}

function cutPage(comments: readonly CommentView[], limit: number): CommentsFound {
  const page = comments.slice(0, limit);
  const last = page.at(-1);
  return comments.length > limit && last ? { comments: page, nextCursor: last.revision } : { comments: page };
}
