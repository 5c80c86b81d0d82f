import type { VideoView } from './card.ts';

interface Surroundings {
  /** The author as JSON text. */
  author: string;
  isFavorite: boolean;
  playUrl: string;
  coverUrl: string;
}

/** Video of the official API, as JSON text: parts are joined, nothing is parsed. */
export const presentVideo = (video: VideoView, { author, isFavorite, playUrl, coverUrl }: Surroundings): string =>
  `{${video.members},${video.counts},"is_favorite":${isFavorite},"play_url":"${playUrl}","cover_url":"${coverUrl}","author":${author}}`;
