import { createTables } from './migration.ts';

/**
 * Chats of two users. Whoever sends locks the conversation's row and takes the next time from it, so that no two messages
 * of a conversation have one time, and none becomes visible after a later one. The rows of a conversation lie together.
 */
export const messages = createTables('0008-messages', {
  conversation: `
    low_user BIGINT NOT NULL,
    high_user BIGINT NOT NULL,
    last_time BIGINT NOT NULL DEFAULT 0,
    last_message_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (low_user, high_user)`,
  message: `
    low_user BIGINT NOT NULL,
    high_user BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    id BIGINT NOT NULL,
    from_user BIGINT NOT NULL,
    content VARCHAR(1000) NOT NULL,
    PRIMARY KEY (low_user, high_user, create_time)`,
});
