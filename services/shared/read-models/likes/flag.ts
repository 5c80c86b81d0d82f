/**
 * What cached likes say about one video: its version there, negative when unliked, and the floor above which all likes
 * are cached, 0 when that is all there are. Undefined when the rows have to be asked.
 */
export function likedAccordingTo(floor: string, version: string | null | undefined): boolean | undefined {
  if (typeof version === 'string') return Number(version) > 0;
  return floor === '0' ? false : undefined;
}
