/** A video in a cached order: its score is the time or the version that orders it. */
export interface OrderedVideo {
  videoId: number;
  authorId: number;
  score: number;
}

/** How a video stands in a sorted set: with its author, so that one more round trip finds both cards. */
export const orderedMember = ({ videoId, authorId }: { videoId: number; authorId: number }): string =>
  `${videoId}:${authorId}`;

/** The video of a member and its score. */
export function parseOrderedMember(member: string, score: number): OrderedVideo {
  const [videoId, authorId] = member.split(':');
  return { videoId: Number(videoId), authorId: Number(authorId), score };
}

/** The reply of a range with scores: member, score, member, score … */
export function parseScored<Entry>(reply: readonly string[], parse: (member: string, score: number) => Entry): Entry[] {
  const entries: Entry[] = [];
  for (let index = 0; index < reply.length; index += 2)
    entries.push(parse(reply[index] ?? '', Number(reply[index + 1])));
  return entries;
}
