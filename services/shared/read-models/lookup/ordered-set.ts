/** A video in a cached order: its score is the time or the version that orders it. */
export interface OrderedVideo {
  videoId: number;
  authorId: number;
  score: number;
}

/** How a video stands in a sorted set: with its author, so that one more round trip finds both cards. */
export const orderedMember = ({ videoId, authorId }: { videoId: number; authorId: number }): string =>
  `${videoId}:${authorId}`;

/** The reply of a range with scores: member, score, member, score … */
export function parseOrdered(reply: readonly string[]): OrderedVideo[] {
  const entries: OrderedVideo[] = [];
  for (let index = 0; index < reply.length; index += 2) {
    const [videoId, authorId] = (reply[index] ?? '').split(':');
    entries.push({ videoId: Number(videoId), authorId: Number(authorId), score: Number(reply[index + 1]) });
  }
  return entries;
}
