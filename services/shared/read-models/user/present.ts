import { oncePer } from '../lookup/once-per.ts';
import type { UserView } from './card.ts';

/** User of the official API, as JSON text; `isFollow` tells whether the caller follows them. */
export type PresentUser = (user: UserView, isFollow: boolean) => string;

/** What does not depend on the caller is joined once for each view. */
export function createUserPresenter(mediaBaseUrl: string): PresentUser {
  const baseUrl = mediaBaseUrl.replace(/\/+$/, '');
  /** A user who has no picture has an empty URL. */
  const urlOf = (path: string): string => (path === '' ? '' : `${baseUrl}/${path}`);
  const headOf = oncePer(({ members, counts, avatarPath, backgroundPath }: UserView) =>
    [
      `{${members},${counts},"avatar":"${urlOf(avatarPath)}"`,
      `"background_image":"${urlOf(backgroundPath)}"`,
      '"is_follow":',
    ].join(','),
  );
  return (user, isFollow) => `${headOf(user)}${isFollow}}`;
}

/** The same as bytes, which are kept for each view. */
export function createUserBytes(presentUser: PresentUser): (user: UserView, isFollow: boolean) => Buffer {
  const followed = oncePer((user: UserView) => Buffer.from(presentUser(user, true)));
  const notFollowed = oncePer((user: UserView) => Buffer.from(presentUser(user, false)));
  return (user, isFollow) => (isFollow ? followed(user) : notFollowed(user));
}

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
