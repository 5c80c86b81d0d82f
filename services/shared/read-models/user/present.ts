import type { UserView } from './card.ts';

/** User of the official API, as JSON text; `isFollow` tells whether the caller follows them. */
export const presentUser = (user: UserView, mediaBaseUrl: string, isFollow: boolean): string =>
  `{${user.members},${user.counts},"is_follow":${isFollow},"avatar":"${urlOf(user.avatarPath, mediaBaseUrl)}","background_image":"${urlOf(user.backgroundPath, mediaBaseUrl)}"}`;

/** A user who has no picture has an empty URL. */
const urlOf = (path: string, baseUrl: string): string => (path === '' ? '' : `${baseUrl}/${path}`);

/** The empty form of a User, for failures. */
export const emptyUser = {
  id: 0,
  name: '',
  signature: '',
  follow_count: 0,
  follower_count: 0,
  total_favorited: 0,
  work_count: 0,
  favorite_count: 0,
  is_follow: false,
  avatar: '',
  background_image: '',
};
