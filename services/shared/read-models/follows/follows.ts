import type { Scripts } from '../../redis/scripts.ts';
import type { RevisionPage } from '../lookup/newest-list.ts';
import type { Page } from '../lookup/page.ts';
import { type ChangeFollow, createFollowChange, type FollowChangeOptions } from './change.ts';
import { createFollowList, type FollowList, type FollowListOptions } from './list.ts';
import type { ListedUser } from './load.ts';

/** The scripts of this folder. */
export const followScripts = ['move'] as const;

interface FollowsOptions extends FollowListOptions, Pick<FollowChangeOptions, 'runChange' | 'touched' | 'showCounts'> {
  scripts: Scripts<(typeof followScripts)[number]>;
}

export interface Follows {
  /** Which of the users somebody follows. */
  among: FollowList['among'];
  /** Whom a user follows, the last followed first. */
  following(userId: number, page: RevisionPage): Promise<Page<ListedUser>>;
  /** Who follows a user, the last one first. */
  followers(userId: number, page: RevisionPage): Promise<Page<ListedUser>>;
  /** Who follows a user and is followed back, the last such pair first. */
  friends(userId: number, page: RevisionPage): Promise<Page<ListedUser>>;
  isFriend(userId: number, otherId: number): Promise<boolean>;
  change: ChangeFollow;
}

/** The follow graph: its lists out of Redis or the rows, and the way of a change into the cache. */
export function createFollows({ scripts, ...options }: FollowsOptions): Follows {
  const following = createFollowList('following', options);
  const followers = createFollowList('followers', options);
  const friends = createFollowList('friends', options);
  return {
    among: following.among,
    following: following.page,
    followers: followers.page,
    friends: friends.page,
    isFriend: async (userId, otherId) => (await friends.among(userId, [otherId])).has(otherId),
    change: createFollowChange({ ...options, moveLists: scripts.move }),
  };
}
