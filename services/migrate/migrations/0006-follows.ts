import { createTables } from './migration.ts';

/**
 * Who follows whom. A list is ordered by the revision that its owner's counters got in the transaction of each row: no two
 * of one owner are equal, and a later one is larger. `friend_revision` orders those who follow back; it is null for others.
 */
export const follows = createTables('0006-follows', {
  follow: `
    follower_id BIGINT NOT NULL,
    following_id BIGINT NOT NULL,
    follower_revision BIGINT NOT NULL,
    following_revision BIGINT NOT NULL,
    friend_revision BIGINT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (follower_id, following_id),
    KEY follow_of_follower (follower_id, follower_revision),
    KEY follow_of_following (following_id, following_revision),
    KEY follow_of_friends (follower_id, friend_revision)`,
});
