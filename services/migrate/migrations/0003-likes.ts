import { createTables } from './migration.ts';

/** Who likes what. An unlike keeps its row: the version tells a late duplicate from a new action. */
export const likes = createTables('0003-likes', {
  favorite: `
    user_id BIGINT NOT NULL,
    video_id BIGINT NOT NULL,
    liked BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, video_id),
    KEY favorite_liked_of_user (user_id, liked, version)`,
});
