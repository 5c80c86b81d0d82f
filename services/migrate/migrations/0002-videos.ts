import { createTables } from './migration.ts';

/** Videos, what is counted of them, and the transcode that each upload waits for. */
export const videos = createTables('0002-videos', {
  video: `
    id BIGINT NOT NULL PRIMARY KEY,
    author_id BIGINT NOT NULL,
    title VARCHAR(255) NOT NULL DEFAULT '',
    state ENUM('processing', 'ready', 'failed') NOT NULL,
    reason VARCHAR(500) NOT NULL DEFAULT '',
    original_path VARCHAR(255) NOT NULL,
    play_path VARCHAR(255) NOT NULL DEFAULT '',
    cover_path VARCHAR(255) NOT NULL DEFAULT '',
    width INT NOT NULL DEFAULT 0,
    height INT NOT NULL DEFAULT 0,
    duration_ms INT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    published_at BIGINT NULL,
    UNIQUE KEY video_published_at (published_at),
    KEY video_of_author (author_id, id)`,
  video_counter: `
    video_id BIGINT NOT NULL PRIMARY KEY,
    favorite_count BIGINT NOT NULL DEFAULT 0,
    comment_count BIGINT NOT NULL DEFAULT 0,
    revision BIGINT NOT NULL DEFAULT 0`,
  upload: `
    video_id BIGINT NOT NULL PRIMARY KEY,
    state ENUM('queued', 'processing', 'done', 'failed') NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    holder VARCHAR(128) NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    reason VARCHAR(500) NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    KEY upload_by_state (state, lease_until)`,
});
