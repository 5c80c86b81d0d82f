import assert from 'node:assert/strict';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { freshDatabase } from '../../test/backends/index.ts';
import { type DataSet, fillDataSet, sizes } from './data-set.ts';

describe('a data set', function () {
  this.timeout(120_000);
  let db: Knex;
  let filled: DataSet;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    filled = await fillDataSet(db, 'S');
  });
  after(() => db.destroy());

  const numbers = async (sql: string): Promise<number[]> => {
    const [rows] = await db.raw(sql);
    return Object.values(rows[0]).map(Number);
  };

  it('has as many rows as its size says', async () => {
    const count = async (table: string) => (await numbers(`SELECT COUNT(*) FROM ${table}`))[0];
    assert.equal(await count('user'), sizes.S.users);
    assert.equal(await count('video'), sizes.S.videos);
    assert.equal(await count('favorite'), sizes.S.likes);
    assert.equal(await count('comment'), sizes.S.comments);
    assert.equal(await count('follow'), sizes.S.follows);
    assert.deepEqual([filled.userIds.length, filled.videoIds.length], [sizes.S.users, sizes.S.videos]);
  });

  it('has counters that equal what they count', async () => {
    const sameAs = async (table: string, column: string, counted: string) => {
      const owner = `${table}_id`;
      const [wrong] = await numbers(`
        SELECT COUNT(*) FROM ${table}_counter LEFT JOIN (${counted} GROUP BY owner) counted ON owner = ${owner}
        WHERE ${column} <> COALESCE(total, 0)`);
      assert.equal(wrong, 0, `${column} of ${table}`);
    };
    await sameAs('user', 'follow_count', 'SELECT follower_id AS owner, COUNT(*) AS total FROM follow');
    await sameAs('user', 'follower_count', 'SELECT following_id AS owner, COUNT(*) AS total FROM follow');
    await sameAs('user', 'favorite_count', 'SELECT user_id AS owner, COUNT(*) AS total FROM favorite');
    await sameAs('user', 'work_count', 'SELECT author_id AS owner, COUNT(*) AS total FROM video');
    const received =
      'SELECT video.author_id AS owner, COUNT(*) AS total FROM favorite JOIN video ON video.id = video_id';
    await sameAs('user', 'total_favorited', received);
    await sameAs('video', 'favorite_count', 'SELECT video_id AS owner, COUNT(*) AS total FROM favorite');
    await sameAs('video', 'comment_count', 'SELECT video_id AS owner, COUNT(*) AS total FROM comment');
  });

  it('orders lists by revisions as the platform gives them', async () => {
    const [equal, above, friends, mutual] = await numbers(`
      SELECT (SELECT COUNT(*) - COUNT(DISTINCT follower_id, follower_revision) FROM follow),
             (SELECT COUNT(*) FROM follow JOIN user_counter c ON c.user_id = following_id WHERE following_revision > revision),
             (SELECT COUNT(*) FROM follow WHERE friend_revision IS NOT NULL),
             (SELECT COUNT(*) FROM follow a JOIN follow b ON b.follower_id = a.following_id AND b.following_id = a.follower_id)`);
    assert.deepEqual([equal, above, friends], [0, 0, mutual]);
    assert.ok((mutual ?? 0) > 0, 'there are friends');
  });

  it('gives much to few', async () => {
    const [most] = await numbers('SELECT MAX(favorite_count) FROM video_counter');
    assert.ok((most ?? 0) > (10 * sizes.S.likes) / sizes.S.videos, `the most liked video has ${most}`);
  });

  it('is the same for the same seed, and another for another one', async () => {
    const sumOf = async (seed?: number) => {
      const other = connectDatabase(await freshDatabase());
      await fillDataSet(other, 'S', seed === undefined ? {} : { seed });
      const [rows] = await other.raw('SELECT SUM(user_id * (video_id % 1009)) FROM favorite');
      await other.destroy();
      return Object.values(rows[0])[0];
    };
    const [first] = Object.values((await db.raw('SELECT SUM(user_id * (video_id % 1009)) FROM favorite'))[0][0]);
    assert.equal(await sumOf(), first);
    assert.notEqual(await sumOf(2), first);
  });
});
