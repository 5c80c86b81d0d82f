import { createTables } from './migration.ts';

/** Events that were decided in a transaction and are still to be sent to Kafka. */
export const outbox = createTables('0004-outbox', {
  outbox: `
    id BIGINT NOT NULL PRIMARY KEY,
    topic VARCHAR(64) NOT NULL,
    message_key VARCHAR(128) NOT NULL,
    payload JSON NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NULL,
    KEY outbox_unsent (sent_at, id)`,
});
