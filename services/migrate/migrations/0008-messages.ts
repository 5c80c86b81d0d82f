import { createTables } from './migration.ts';

/**
 * Chats of two users. Whoever sends locks the conversation's row and takes the next time from it, so that no two messages
 * of a conversation have one time, and none becomes visible after a later one.
 */
export const messages = createTables('0008-messages', {
  conversation: `
    low_user BIGINT NOT NULL,
    high_user BIGINT NOT NULL,
    last_time BIGINT NOT NULL DEFAULT 0,
    last_message_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (low_user, high_user)`,
  message: `
    id BIGINT NOT NULL PRIMARY KEY,
    low_user BIGINT NOT NULL,
    high_user BIGINT NOT NULL,
    from_user BIGINT NOT NULL,
    content VARCHAR(1000) NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE KEY message_of_conversation (low_user, high_user, create_time)`,
});
