import { oncePer } from '../lookup/once-per.ts';
import type { VideoView } from './card.ts';

interface PresenterOptions {
  mediaBaseUrl: string;
  /** Cover of a video that is not ready. */
  placeholderUrl: string;
  /** A link for a short time to an original, which only its author is given. */
  signOriginal: (path: string) => Promise<string>;
}

interface Surroundings {
  /** The author as JSON text. */
  author: string;
  isFavorite: boolean;
}

/** Video of the official API, as JSON text: parts are joined, nothing is parsed. A promise where a link is signed. */
export type PresentVideo = (video: VideoView, surroundings: Surroundings) => string | Promise<string>;

/** What does not depend on the caller is joined once for each view. */
export function createVideoPresenter({ mediaBaseUrl, placeholderUrl, signOriginal }: PresenterOptions): PresentVideo {
  const baseUrl = mediaBaseUrl.replace(/\/+$/, '');
  const readyHead = oncePer((video: VideoView) =>
    headOf(video, { playUrl: `${baseUrl}/${video.path}`, coverUrl: `${baseUrl}/${video.coverPath}` }),
  );
  const unreadyHead = async (video: VideoView) =>
    headOf(video, { playUrl: await signOriginal(JSON.parse(`"${video.path}"`)), coverUrl: placeholderUrl });

  return (video, surroundings) =>
    video.state === 'ready'
      ? complete(readyHead(video), surroundings)
      : unreadyHead(video).then((head) => complete(head, surroundings));
}

const headOf = ({ members, counts }: VideoView, { playUrl, coverUrl }: { playUrl: string; coverUrl: string }): string =>
  [`{${members},${counts}`, `"play_url":"${playUrl}"`, `"cover_url":"${coverUrl}"`, '"is_favorite":'].join(',');

const complete = (head: string, { author, isFavorite }: Surroundings): string =>
  `${head}${isFavorite},"author":${author}}`;
