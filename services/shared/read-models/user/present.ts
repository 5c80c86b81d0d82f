import type { UserView } from './card.ts';

/** User of the official API, as JSON text. Nobody can be followed yet, so `is_follow` is false. */
export const presentUser = (user: UserView, mediaBaseUrl: string): string =>
  `{${user.members},${user.counts},"is_follow":false,"avatar":"${urlOf(user.avatarPath, mediaBaseUrl)}","background_image":"${urlOf(user.backgroundPath, mediaBaseUrl)}"}`;

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
