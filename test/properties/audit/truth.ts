import type { Knex } from '../../../services/shared/mysql/database.ts';

/** What the rows say, without any counter: every count is counted here. */
export interface Truth {
  userIds: readonly number[];
  videos: ReadonlyMap<number, VideoRow>;
  comments: readonly CommentRow[];
  /** Videos that a user likes, the last liked first. */
  likedBy(userId: number): number[];
  /** Whom a user follows, the last followed first; the others the same. */
  followedBy(userId: number): number[];
  followersOf(userId: number): number[];
  friendsOf(userId: number): number[];
  /** Newest first. */
  commentsOn(videoId: number): CommentRow[];
  worksOf(authorId: number): VideoRow[];
  feed(): VideoRow[];
  userCounts(userId: number): Record<UserCount, number>;
  videoCounts(videoId: number): Record<VideoCount, number>;
}

export interface VideoRow {
  id: number;
  authorId: number;
  title: string;
  state: 'processing' | 'ready' | 'failed';
  publishedAt: number | null;
}

export interface CommentRow {
  id: number;
  videoId: number;
  userId: number;
  content: string;
  /** Of the video's counters in the transaction that wrote it: the order of the list. */
  revision: number;
}

interface LikeRow {
  userId: number;
  videoId: number;
  /** Orders what a user likes. */
  since: number;
}

interface FollowRow {
  follower: number;
  following: number;
  ofFollower: number;
  ofFollowing: number;
  ofFriends: number | null;
}

export const userCounts = [
  'follow_count',
  'follower_count',
  'total_favorited',
  'work_count',
  'favorite_count',
] as const;
export const videoCounts = ['favorite_count', 'comment_count'] as const;
export type UserCount = (typeof userCounts)[number];
export type VideoCount = (typeof videoCounts)[number];

/** Reads all rows; only when nothing moves any more. */
export async function readTruth(db: Knex): Promise<Truth> {
  const [userIds, videoRows, likes, follows, comments]: [number[], VideoRow[], LikeRow[], FollowRow[], CommentRow[]] =
    await Promise.all([
      db('user').orderBy('id').pluck('id'),
      db('video').select({
        ...{ id: 'id', authorId: 'author_id', title: 'title', state: 'state', publishedAt: 'published_at' },
      }),
      db('favorite').where('liked', true).select({ userId: 'user_id', videoId: 'video_id', since: 'liked_since' }),
      db('follow').select({
        ...{ follower: 'follower_id', following: 'following_id' },
        ...{ ofFollower: 'follower_revision', ofFollowing: 'following_revision', ofFriends: 'friend_revision' },
      }),
      db('comment').select({
        ...{ id: 'id', videoId: 'video_id', userId: 'user_id', content: 'content', revision: 'video_revision' },
      }),
    ]);
  const videos = new Map(videoRows.map((video) => [video.id, video]));
  const authorOf = (videoId: number) => videos.get(videoId)?.authorId;
  const worksOf = (authorId: number) =>
    videoRows.filter((video) => video.authorId === authorId).toSorted(byDescending(({ id }) => id));

  return {
    ...{ userIds, videos, comments, worksOf },
    likedBy: (userId) =>
      likes
        .filter((like) => like.userId === userId)
        .toSorted(byDescending(({ since }) => since))
        .map(({ videoId }) => videoId),
    followedBy: (userId) =>
      follows
        .filter(({ follower }) => follower === userId)
        .toSorted(byDescending(({ ofFollower }) => ofFollower))
        .map(({ following }) => following),
    followersOf: (userId) =>
      follows
        .filter(({ following }) => following === userId)
        .toSorted(byDescending(({ ofFollowing }) => ofFollowing))
        .map(({ follower }) => follower),
    friendsOf: (userId) =>
      follows
        .filter(({ follower }) => follower === userId)
        .filter(({ following }) => follows.some((back) => back.follower === following && back.following === userId))
        .toSorted(byDescending(({ ofFriends }) => ofFriends ?? 0))
        .map(({ following }) => following),
    commentsOn: (videoId) =>
      comments.filter((comment) => comment.videoId === videoId).toSorted(byDescending(({ revision }) => revision)),
    feed: () =>
      videoRows.filter(({ state }) => state === 'ready').toSorted(byDescending(({ publishedAt }) => publishedAt ?? 0)),
    userCounts: (userId) => ({
      follow_count: follows.filter(({ follower }) => follower === userId).length,
      follower_count: follows.filter(({ following }) => following === userId).length,
      total_favorited: likes.filter(({ videoId }) => authorOf(videoId) === userId).length,
      work_count: worksOf(userId).filter(({ state }) => state === 'ready').length,
      favorite_count: likes.filter((like) => like.userId === userId).length,
    }),
    videoCounts: (videoId) => ({
      favorite_count: likes.filter((like) => like.videoId === videoId).length,
      comment_count: comments.filter((comment) => comment.videoId === videoId).length,
    }),
  };
}

const byDescending =
  <Row>(value: (row: Row) => number) =>
  (a: Row, b: Row): number =>
    value(b) - value(a);
