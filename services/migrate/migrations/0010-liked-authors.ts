import type { Knex } from 'knex';
import { fillInBatches } from './fill-in-batches.ts';
import { addColumns, inOrder, type Migration, swapIndexes } from './migration.ts';

/**
 * A like knows its video's author, so that a page of what a user likes is one range of one index. Processes of before do
 * not write the column: what it holds is the author or nothing, and who reads nothing asks the video.
 */
const column = addColumns('0010-liked-authors', { favorite: { author_id: 'BIGINT NULL' } });

const authors: Migration = {
  name: '0010-liked-authors',
  up: (db) => fillInBatches(db, { table: 'favorite', key: ['user_id', 'video_id'], fill: fillAuthors }),
  down: async () => undefined,
};

const fillAuthors = (db: Knex, likes: readonly number[][]) =>
  db('favorite')
    .join('video', 'video.id', 'favorite.video_id')
    .whereIn(['favorite.user_id', 'favorite.video_id'], likes)
    .whereNull('favorite.author_id')
    .update({ 'favorite.author_id': db.ref('video.author_id') });

/** Pages are read from the first; tombstones that are old enough to go are found by the second. */
const indexes = swapIndexes('0010-liked-authors', 'favorite', {
  add: { favorite_page: '(user_id, liked, version, author_id)', favorite_by_version: '(liked, version)' },
  drop: { favorite_liked_of_user: '(user_id, liked, version)' },
});

/** The column is filled before it is indexed: an index is built faster than it is kept. */
export const likedAuthors = inOrder('0010-liked-authors', [column, authors, indexes]);
