import { addColumns, inOrder, swapIndexes } from './migration.ts';

/**
 * A like knows since which version it holds without a break, so that a repetition does not move it to the top of what a
 * user likes. Processes of before do not write the column: a row of theirs counts from its version on.
 */
const column = addColumns('0011-like-order', { favorite: { liked_since: 'BIGINT NOT NULL DEFAULT (version)' } });

/** Pages are read from the first; a user's last version is found by the second. */
const indexes = swapIndexes('0011-like-order', 'favorite', {
  add: {
    favorite_order: '(user_id, liked, liked_since, version, author_id)',
    favorite_clock: '(user_id, version)',
  },
  drop: { favorite_page: '(user_id, liked, version, author_id)' },
});

export const likeOrder = inOrder('0011-like-order', [column, indexes]);
