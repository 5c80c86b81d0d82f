import type { Scripts } from '../../redis/scripts.ts';
import { type ChangeFollow, createFollowChange, type FollowChangeOptions } from './change.ts';
import {
  createFollowList,
  type FollowList,
  type FollowListOptions,
  type FollowsFound,
  type FollowsPage,
} from './list.ts';

/** The scripts of this folder. */
export const followScripts = ['move', 'store'] as const;

interface FollowsOptions
  extends Omit<FollowListOptions, 'storeFollows'>,
    Pick<FollowChangeOptions, 'runChange' | 'touched' | 'showCounts'> {
  scripts: Scripts<(typeof followScripts)[number]>;
}

export interface Follows {
  /** Which of the users somebody follows. */
  among: FollowList['among'];
  /** Whom a user follows, the last followed first. */
  following(userId: number, page: FollowsPage): Promise<FollowsFound>;
  /** Who follows a user, the last one first. */
  followers(userId: number, page: FollowsPage): Promise<FollowsFound>;
  /** Who follows a user and is followed back, the last such pair first. */
  friends(userId: number, page: FollowsPage): Promise<FollowsFound>;
  isFriend(userId: number, otherId: number): Promise<boolean>;
  change: ChangeFollow;
}

/** The follow graph: its lists out of Redis or the rows, and the way of a change into the cache. */
export function createFollows({ scripts, ...options }: FollowsOptions): Follows {
  const lists = { ...options, storeFollows: scripts.store };
  const following = createFollowList('following', lists);
  const followers = createFollowList('followers', lists);
  const friends = createFollowList('friends', lists);
  return {
    among: following.among,
    following: following.page,
    followers: followers.page,
    friends: friends.page,
    isFriend: async (userId, otherId) => (await friends.among(userId, [otherId])).has(otherId),
    change: createFollowChange({ ...options, moveLists: scripts.move }),
  };
}
