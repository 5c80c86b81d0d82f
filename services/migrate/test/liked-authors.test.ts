import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { likedAuthors } from '../migrations/0010-liked-authors.ts';
import { likeOrder } from '../migrations/0011-like-order.ts';

describe('the migration that tells likes their authors', function () {
  this.timeout(90_000);
  let db: Knex;
  let authorId: number;
  let videoId: number;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    await likeOrder.down(db);
    await likedAuthors.down(db);
    authorId = await insertUser(db);
    videoId = await insertVideo(db, { authorId });
  });
  after(() => db.destroy());

  const like = (userId: number, video = videoId) => ({
    ...{ user_id: userId, video_id: video, liked: true, version: userId },
    ...{ created_at: 1, updated_at: 1 },
  });
  const indexes = async () => {
    const [rows] = await db.raw('SHOW INDEX FROM favorite');
    return new Set(rows.map((row: { Key_name: string }) => row.Key_name));
  };
  const nameless = () => db('favorite').whereNull('author_id').pluck('user_id');

  it('fills every like that is there, in batches, also after it was cut off', async () => {
    const likes = Array.from({ length: 2_500 }, (_, index) => like(1 + Math.floor(index / 2), videoId + (index % 2)));
    await db('video').insert({ id: videoId + 1, author_id: 7, state: 'ready', original_path: '', created_at: 1 });
    await db.batchInsert('favorite', likes, 500);
    await db.raw('ALTER TABLE favorite ADD COLUMN author_id BIGINT NULL'); // as far as a killed run came
    await likedAuthors.up(db);
    assert.deepEqual(await nameless(), []);
    const counted = await db('favorite')
      .groupBy('author_id')
      .select({ author: 'author_id', likes: db.raw('COUNT(*)') });
    assert.deepEqual(
      new Map(counted.map((row) => [row.author, row.likes])),
      new Map([
        [authorId, 1_250],
        [7, 1_250],
      ]),
    );
    assert.deepEqual(await indexes(), new Set(['PRIMARY', 'favorite_page', 'favorite_by_version']));
  });

  it('lets processes of before write beside it, and can be run once more for what they wrote', async () => {
    await db('favorite').insert(like(9_999));
    assert.deepEqual(await nameless(), [9_999]);
    await likedAuthors.up(db);
    assert.deepEqual(await nameless(), []);
  });

  it('leaves a like of a video that is not there without an author', async () => {
    await db('favorite').insert(like(9_998, 5));
    await likedAuthors.up(db);
    assert.deepEqual(await nameless(), [9_998]);
  });
});
