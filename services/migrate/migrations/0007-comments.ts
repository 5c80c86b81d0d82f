import { createTables } from './migration.ts';

/**
 * What users say about videos. A list is ordered by the revision that the video's counters got in the transaction of each
 * comment, as the ids of several processes do not tell which comment came first.
 */
export const comments = createTables('0007-comments', {
  comment: `
    id BIGINT NOT NULL PRIMARY KEY,
    video_id BIGINT NOT NULL,
    video_revision BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    content VARCHAR(1000) NOT NULL,
    created_at BIGINT NOT NULL,
    KEY comment_of_video (video_id, video_revision)`,
});
