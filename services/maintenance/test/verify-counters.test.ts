import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { createCounterChecks } from '../repositories/counter-checks.ts';
import { freshSettings, runJob } from './run-job.ts';

/** A user who follows, publishes, comments and likes, and counters that say so. */
async function fillCorrectly(db: Knex) {
  const [alice, bob] = [await insertUser(db), await insertUser(db)];
  const videoId = await insertVideo(db, { authorId: alice });
  await insertVideo(db, { authorId: alice, state: 'processing' });
  const times = { created_at: 1, updated_at: 1 };
  await db('favorite').insert([
    { user_id: bob, video_id: videoId, liked: true, version: 1, ...times },
    { user_id: alice, video_id: videoId, liked: false, version: 1, ...times },
  ]);
  await db('follow').insert({
    ...{ follower_id: bob, following_id: alice, created_at: 1 },
    ...{ follower_revision: 1, following_revision: 1 },
  });
  const comment = { id: videoId, video_id: videoId, video_revision: 1, user_id: bob };
  await db('comment').insert({ ...comment, content: 'first', created_at: 1 });
  await db('user_counter').insert([
    { user_id: alice, follower_count: 1, total_favorited: 1, work_count: 1, follow_count: 0, favorite_count: 0 },
    { user_id: bob, follower_count: 0, total_favorited: 0, work_count: 0, follow_count: 1, favorite_count: 1 },
  ]);
  await db('video_counter').insert({ video_id: videoId, favorite_count: 1, comment_count: 1 });
  return { alice, bob, videoId };
}

describe('the verification of counters', function () {
  this.timeout(90_000);
  let db: Knex;
  let ids: Awaited<ReturnType<typeof fillCorrectly>>;
  before(async () => {
    db = connectDatabase(await freshDatabase());
    ids = await fillCorrectly(db);
  });
  after(() => db.destroy());

  const drifts = async () => {
    const found = await Promise.all(
      createCounterChecks(db).map(async ({ counter, find }) => [counter, await find(10)]),
    );
    return Object.fromEntries(found.filter(([, some]) => some?.length));
  };

  it('finds nothing where every count equals its rows', async () => {
    assert.deepEqual(await drifts(), {});
  });

  const cases = [
    ['user', 'follow_count', 'bob'],
    ['user', 'follower_count', 'alice'],
    ['user', 'total_favorited', 'alice'],
    ['user', 'work_count', 'alice'],
    ['user', 'favorite_count', 'bob'],
    ['video', 'favorite_count', 'videoId'],
    ['video', 'comment_count', 'videoId'],
  ] as const;
  for (const [entity, column, owner] of cases) {
    it(`finds a ${column} of a ${entity} that is too large, too small, or not there`, async () => {
      const row = () => db(`${entity}_counter`).where(`${entity}_id`, ids[owner]);
      const before = await row().first();
      const found = (held: number) => ({ [`${entity}.${column}`]: [{ id: ids[owner], held, counted: 1 }] });
      for (const held of [2, 0, -1]) {
        await row().update({ [column]: held });
        assert.deepEqual(await drifts(), found(held));
      }
      await row().delete();
      assert.deepEqual((await drifts())[`${entity}.${column}`], found(0)[`${entity}.${column}`]);
      await db(`${entity}_counter`).insert(before);
      assert.deepEqual(await drifts(), {});
    });
  }

  it('is a Job: it ends with 0, and with 1 and the list of drifts when there are any', async () => {
    const settings = await freshSettings();
    const own = connectDatabase(settings);
    const { alice, videoId } = await fillCorrectly(own);
    const right = await runJob('verify-counters', settings);
    assert.deepEqual([right.code, right.lines.at(-1)?.msg], [0, 'every counter equals its rows']);
    await own('user_counter').where({ user_id: alice }).update({ total_favorited: 5 });
    await own('comment').where({ id: videoId }).delete();
    const wrong = await runJob('verify-counters', settings);
    assert.equal(wrong.code, 1);
    assert.deepEqual(
      wrong.lines
        .filter(({ level }) => level === 'error')
        .map((line) => [line.counter, line.id, line.held, line.counted]),
      [
        ['user.total_favorited', alice, 5, 1],
        ['video.comment_count', videoId, 1, 0],
      ],
    );
    assert.match(String(wrong.lines.at(-1)?.msg), /2 counts differ/);
    await own.destroy();
  });
});
