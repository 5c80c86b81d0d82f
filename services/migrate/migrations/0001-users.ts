import { createTables } from './migration.ts';

/** Who there is, how they log in, and what is counted of them. */
export const users = createTables('0001-users', {
  user: `
    id BIGINT NOT NULL PRIMARY KEY,
    username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name VARCHAR(64) NOT NULL,
    avatar_path VARCHAR(255) NOT NULL DEFAULT '',
    background_path VARCHAR(255) NOT NULL DEFAULT '',
    signature VARCHAR(255) NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    UNIQUE KEY user_username (username)`,
  credential: `
    user_id BIGINT NOT NULL PRIMARY KEY,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    updated_at BIGINT NOT NULL`,
  user_counter: `
    user_id BIGINT NOT NULL PRIMARY KEY,
    follow_count BIGINT NOT NULL DEFAULT 0,
    follower_count BIGINT NOT NULL DEFAULT 0,
    total_favorited BIGINT NOT NULL DEFAULT 0,
    work_count BIGINT NOT NULL DEFAULT 0,
    favorite_count BIGINT NOT NULL DEFAULT 0,
    revision BIGINT NOT NULL DEFAULT 0`,
});
