import type { JsonParts } from '../../http/json-bytes.ts';
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
  /** The author as JSON. */
  author: Buffer;
  isFavorite: boolean;
}

/** Video of the official API as JSON: parts are joined, nothing is parsed. A promise where a link is signed. */
export type PresentVideo = (video: VideoView, surroundings: Surroundings) => JsonParts | Promise<JsonParts>;

const end = Buffer.from('}');

/** What does not depend on the caller is joined once for each view. */
export function createVideoPresenter({ mediaBaseUrl, placeholderUrl, signOriginal }: PresenterOptions): PresentVideo {
  const baseUrl = mediaBaseUrl.replace(/\/+$/, '');
  const readyMedia = ({ path, coverPath, hlsPath }: VideoView) => ({
    playUrl: `${baseUrl}/${path}`,
    coverUrl: `${baseUrl}/${coverPath}`,
    hlsUrl: hlsPath === '' ? '' : `${baseUrl}/${hlsPath}`,
  });
  const liked = oncePer((video: VideoView) => beforeAuthor(video, true, readyMedia(video)));
  const notLiked = oncePer((video: VideoView) => beforeAuthor(video, false, readyMedia(video)));
  const presentUnready = async (video: VideoView, { author, isFavorite }: Surroundings) => {
    const playUrl = await signOriginal(JSON.parse(`"${video.path}"`));
    return [beforeAuthor(video, isFavorite, { playUrl, coverUrl: placeholderUrl, hlsUrl: '' }), author, end];
  };

  return (video, surroundings) => {
    if (video.state !== 'ready') return presentUnready(video, surroundings);
    return [surroundings.isFavorite ? liked(video) : notLiked(video), surroundings.author, end];
  };
}

interface Media {
  playUrl: string;
  coverUrl: string;
  hlsUrl: string;
}

const beforeAuthor = (
  { members, counts }: VideoView,
  isFavorite: boolean,
  { playUrl, coverUrl, hlsUrl }: Media,
): Buffer =>
  Buffer.from(
    [
      `{${members},${counts},"play_url":"${playUrl}","cover_url":"${coverUrl}"`,
      `"hls_url":"${hlsUrl}","is_favorite":${isFavorite},"author":`,
    ].join(','),
  );
