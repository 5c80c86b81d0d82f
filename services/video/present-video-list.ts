import type { ReadModels, UserView, VideoView } from '../shared/read-models/index.ts';
import { presentUser } from '../shared/read-models/user/present.ts';
import { presentVideo } from '../shared/read-models/video/present.ts';

interface PresenterOptions {
  models: ReadModels;
  signOriginal: (path: string) => Promise<string>;
  mediaBaseUrl: string;
  publicUrl: string;
}

/** A video in a list, with the author that the list knows it by. */
export interface ListedVideo {
  videoId: number;
  authorId: number;
}

/** The videos as a JSON array, as the caller may see them: what is not ready only its author sees. */
export type PresentVideoList = (listed: readonly ListedVideo[], viewerId: number | undefined) => Promise<string>;

const nothing: ReadonlySet<number> = new Set();

/** What a route that lists videos needs. */
export interface ListDeps {
  models: ReadModels;
  presentVideoList: PresentVideoList;
  defaultListLimit: number;
}

/** Cards, authors and the caller's flags are read in one round trip and joined as text. */
export function createVideoListPresenter({ models, signOriginal, ...urls }: PresenterOptions): PresentVideoList {
  const mediaBaseUrl = urls.mediaBaseUrl.replace(/\/+$/, '');
  const placeholderUrl = `${urls.publicUrl.replace(/\/+$/, '')}/processing.png`;

  const mediaOf = async (video: VideoView) => {
    if (video.state === 'ready')
      return { playUrl: `${mediaBaseUrl}/${video.path}`, coverUrl: `${mediaBaseUrl}/${video.coverPath}` };
    const originalPath: string = JSON.parse(`"${video.path}"`);
    return { playUrl: await signOriginal(originalPath), coverUrl: placeholderUrl };
  };

  const authorTexts = (users: ReadonlyMap<number, UserView>, followed: ReadonlySet<number>) =>
    new Map([...users].map(([id, user]) => [id, presentUser(user, mediaBaseUrl, followed.has(id))]));

  return async (listed, viewerId) => {
    const videoIds = listed.map(({ videoId }) => videoId);
    const authorIds = [...new Set(listed.map(({ authorId }) => authorId))];
    const [videos, users, liked, followed] = await Promise.all([
      models.videos.find(videoIds),
      models.users.find(authorIds),
      viewerId === undefined ? nothing : models.likes.among(viewerId, videoIds),
      viewerId === undefined ? nothing : models.follows.among(viewerId, authorIds),
    ]);
    const authors = authorTexts(users, followed);
    const texts = await Promise.all(
      videoIds.map(async (id) => {
        const video = videos.get(id);
        const author = video && authors.get(video.authorId);
        if (!author || !(video.state === 'ready' || video.authorId === viewerId)) return undefined;
        return presentVideo(video, { author, isFavorite: liked.has(id), ...(await mediaOf(video)) });
      }),
    );
    return `[${texts.filter((text) => text !== undefined).join(',')}]`;
  };
}
