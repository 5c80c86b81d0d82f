import type { LikeEvent } from '../../topics.ts';
import { columnNumber } from '../counts/columns.ts';
import type { PendingKeys, PendingMove } from '../counts/counts.ts';
import type { Keys } from '../keys.ts';
import { orderedMember } from '../lookup/ordered-set.ts';

/** A like on its way through the cache, and what held before it. */
export interface LikeMove extends LikeEvent {
  wasLiked: boolean;
  /** The version of what held, 0 when it is not known. */
  wasVersion: number;
}

const likesOfVideo = columnNumber('video', 'favorite_count');
const likesGiven = columnNumber('user', 'favorite_count');
const likesReceived = columnNumber('user', 'total_favorited');

/** The counts that a like moves: of the video, of the user who gives it, of the author who receives it. */
export const createTrackedCounts = (keys: Keys) => ({
  ofVideo: (videoId: number): PendingKeys => ({
    pending: keys.video.pendingLikes(videoId),
    sums: keys.video.pendingSums(videoId),
    early: keys.video.earlyLikes(videoId),
    column: likesOfVideo,
  }),
  given: (userId: number): PendingKeys => ({
    pending: keys.user.pendingGiven(userId),
    sums: keys.user.pendingSums(userId),
    early: keys.user.earlyGiven(userId),
    column: likesGiven,
  }),
  received: (authorId: number): PendingKeys => ({
    pending: keys.user.pendingReceived(authorId),
    sums: keys.user.pendingSums(authorId),
    early: keys.user.earlyReceived(authorId),
    column: likesReceived,
  }),
});

export type TrackedCounts = ReturnType<typeof createTrackedCounts>;

/** How a like is named among the pending ones of each count. */
export const actorOf = {
  ofVideo: (like: { userId: number }): string => String(like.userId),
  given: (like: { videoId: number; authorId: number }): string => orderedMember(like),
  received: (like: { userId: number; videoId: number }): string => `${like.userId}:${like.videoId}`,
};

/** What some likes mean for the counts: one batch of moves for each count that they touch. */
export function movesOf(
  counts: TrackedCounts,
  likes: readonly LikeMove[],
  action: PendingMove['action'],
): { keys: PendingKeys; moves: PendingMove[] }[] {
  const batches = new Map<string, { keys: PendingKeys; moves: PendingMove[] }>();
  for (const like of likes) {
    const touched = [
      { keys: counts.ofVideo(like.videoId), actor: actorOf.ofVideo(like) },
      { keys: counts.given(like.userId), actor: actorOf.given(like) },
      { keys: counts.received(like.authorId), actor: actorOf.received(like) },
    ];
    for (const { keys, actor } of touched) {
      const batch = batches.get(keys.pending) ?? { keys, moves: [] };
      const { version, liked, wasLiked: base, wasVersion: baseVersion } = like;
      batch.moves.push({ action, actor, version, liked, base, baseVersion });
      batches.set(keys.pending, batch);
    }
  }
  return [...batches.values()];
}
