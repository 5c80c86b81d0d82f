import { addColumns, createTables, inOrder } from './migration.ts';

/**
 * Tokens carry the generation of their user: one that is behind `credential.generation` is revoked. `tokens_until` is later
 * than the expiry of every token that the user was given. A revocation is kept until the last token that it concerns has
 * expired; an empty `token_id` means every token of the user below `generation`.
 */
export const sessions = inOrder('0009-sessions', [
  addColumns('0009-sessions', {
    credential: {
      generation: 'INT NOT NULL DEFAULT 0',
      tokens_until: 'BIGINT NOT NULL DEFAULT 0',
    },
  }),
  createTables('0009-sessions', {
    revocation: `
      id BIGINT NOT NULL PRIMARY KEY,
      user_id BIGINT NOT NULL,
      token_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
      generation INT NOT NULL DEFAULT 0,
      expires_at BIGINT NOT NULL,
      KEY revocation_expiry (expires_at)`,
  }),
]);
