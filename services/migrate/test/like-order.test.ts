import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { likeOrder } from '../migrations/0011-like-order.ts';

describe('the migration that tells likes since when they hold', function () {
  this.timeout(90_000);
  let db: Knex;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    await likeOrder.down(db);
  });
  after(() => db.destroy());

  const insert = (userId: number, version: number) =>
    db('favorite').insert({
      ...{ user_id: userId, video_id: 7, author_id: 8, liked: true, version },
      ...{ created_at: 1, updated_at: 1 },
    });
  const since = () => db('favorite').orderBy('user_id').pluck('liked_since');

  it('takes the version of every like that is there, also after it was cut off', async () => {
    await insert(1, 50);
    await insert(2, 60);
    await db.raw('ALTER TABLE favorite ADD COLUMN liked_since BIGINT NOT NULL DEFAULT (version)'); // then it was killed
    await likeOrder.up(db);
    assert.deepEqual(await since(), [50, 60]);
    const [rows] = await db.raw('SHOW INDEX FROM favorite');
    assert.deepEqual(
      new Set(rows.map((row: { Key_name: string }) => row.Key_name)),
      new Set(['PRIMARY', 'favorite_order', 'favorite_clock', 'favorite_by_version']),
    );
  });

  it('gives likes that processes of before write their version', async () => {
    await insert(3, 70);
    assert.deepEqual(await since(), [50, 60, 70]);
  });
});
