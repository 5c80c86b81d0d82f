import { createTables } from './migration.ts';

/** What users say about videos. Ids grow with time, so that they order a video's list. */
export const comments = createTables('0007-comments', {
  comment: `
    id BIGINT NOT NULL PRIMARY KEY,
    video_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    content VARCHAR(1000) NOT NULL,
    created_at BIGINT NOT NULL,
    KEY comment_of_video (video_id, id)`,
});
