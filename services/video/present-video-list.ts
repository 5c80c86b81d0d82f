import { jsonArray } from '../shared/http/json-bytes.ts';
import type { ReadModels, Viewer } from '../shared/read-models/index.ts';
import { createUserBytes, createUserPresenter } from '../shared/read-models/user/present.ts';
import { createVideoPresenter } from '../shared/read-models/video/present.ts';

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

interface VideoListOptions {
  /** What the caller is known to like already; nobody is asked for it. */
  liked?: ReadonlySet<number>;
}

/** The videos as a JSON array, as the caller may see them: what is not ready only its author sees. */
export type PresentVideoList = (
  listed: readonly ListedVideo[],
  viewer: Viewer,
  options?: VideoListOptions,
) => Promise<Buffer>;

const nothing: ReadonlySet<number> = new Set();

/** What a route that lists videos needs. */
export interface ListDeps {
  models: ReadModels;
  presentVideoList: PresentVideoList;
  defaultListLimit: number;
}

interface Asked {
  videoIds: readonly number[];
  authorIds: readonly number[];
  viewer: Viewer;
  known: ReadonlySet<number> | undefined;
}

/** Cards, authors and the caller's flags are read in one round trip and joined as bytes. */
export function createVideoListPresenter({ models, signOriginal, ...urls }: PresenterOptions): PresentVideoList {
  const placeholderUrl = `${urls.publicUrl.replace(/\/+$/, '')}/processing.png`;
  const presentUser = createUserBytes(createUserPresenter(urls.mediaBaseUrl));
  const presentVideo = createVideoPresenter({ mediaBaseUrl: urls.mediaBaseUrl, placeholderUrl, signOriginal });

  const read = async ({ videoIds, authorIds, viewer, known }: Asked) => {
    const { id: viewerId } = viewer;
    const [views, liked, followed] = await Promise.all([
      viewer.isTouched.then((isTouched) =>
        Promise.all([models.videos.glance(videoIds, isTouched), models.users.glance(authorIds, isTouched)]),
      ),
      known ?? (viewerId === undefined ? nothing : models.likes.among(viewerId, videoIds)),
      viewerId === undefined ? nothing : models.follows.among(viewerId, authorIds),
    ]);
    return { videos: views[0], users: views[1], liked, followed };
  };

  return async (listed, viewer, { liked: known } = {}) => {
    const videoIds = listed.map(({ videoId }) => videoId);
    const authorIds = [...new Set(listed.map(({ authorId }) => authorId))];
    const { videos, users, liked, followed } = await read({ videoIds, authorIds, viewer, known });
    const presented = videoIds.flatMap((id) => {
      const video = videos.get(id);
      const author = video && users.get(video.authorId);
      if (!author || !(video.state === 'ready' || video.authorId === viewer.id)) return [];
      const authorBytes = presentUser(author, followed.has(video.authorId));
      return [presentVideo(video, { author: authorBytes, isFavorite: liked.has(id) })];
    });
    return jsonArray(await Promise.all(presented));
  };
}
