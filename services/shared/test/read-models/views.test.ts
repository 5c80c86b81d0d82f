import assert from 'node:assert/strict';
import { createUserPresenter } from '../../read-models/user/present.ts';
import { statementsDuring } from '../statements.ts';
import { type Fixture, insertUser, insertVideo, nextId, startReadModels } from './fixture.ts';

describe('views of users and videos', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  before(async () => {
    fixture = await startReadModels();
  });
  after(() => fixture.close());

  const queriesDuring = async (work: () => Promise<unknown>) => (await statementsDuring(fixture.db, work)).length;

  it('show the row and the counters as JSON', async () => {
    const { db, models } = fixture;
    const userId = await insertUser(db, { name: 'Ada "the\nfirst" 🎬' });
    await db('user').where('id', userId).update({ avatar_path: 'avatars/1.jpg' });
    await db('user_counter').insert({ user_id: userId, work_count: 2, total_favorited: 7, revision: 9 });
    const view = (await models.users.find([userId])).get(userId);
    assert.ok(view);
    assert.deepEqual(JSON.parse(createUserPresenter('http://media')(view, true)), {
      ...{ id: userId, name: 'Ada "the\nfirst" 🎬', signature: '' },
      ...{ follow_count: 0, follower_count: 0, total_favorited: 7, work_count: 2, favorite_count: 0 },
      ...{ is_follow: true, avatar: 'http://media/avatars/1.jpg', background_image: '' },
    });
  });

  it('cost no SQL the second time, whether they exist or not', async () => {
    const { db, models } = fixture;
    const authorId = await insertUser(db);
    const videoId = await insertVideo(db, { authorId });
    const ids = { users: [authorId, nextId()], videos: [videoId, nextId()] };
    const findAll = () => Promise.all([models.users.find(ids.users), models.videos.find(ids.videos)]);
    assert.equal(await queriesDuring(findAll), 2);
    assert.equal(await queriesDuring(findAll), 0);
    const [users, videos] = await findAll();
    assert.deepEqual([[...users.keys()], [...videos.keys()]], [[authorId], [videoId]]);
  });

  it('are loaded once, however many ask at the same time in however many processes', async () => {
    const { db, models, another } = fixture;
    const replicas = [models, await another(), await another()];
    const userId = await insertUser(db);
    const queries = await queriesDuring(() =>
      Promise.all(Array.from({ length: 300 }, (_, index) => replicas[index % 3]?.users.find([userId]))),
    );
    assert.equal(queries, 1);
  });

  it('follow a change at once', async () => {
    const { db, models } = fixture;
    const authorId = await insertUser(db);
    const videoId = await insertVideo(db, { authorId, state: 'processing' });
    assert.equal(await models.videos.exists(videoId), false);
    await db('video').where('id', videoId).update({ state: 'ready', published_at: 1_600_000_000_000 });
    await models.videos.changed({ videoId, authorId });
    assert.equal(await models.videos.exists(videoId), true);
  });

  it('never keep a load that a change has overtaken', async () => {
    const { db, models, redis, keyPrefix } = fixture;
    const userId = await insertUser(db, { name: 'before' });
    const lease = `${keyPrefix}:{user:${userId}}:view-lease`;
    await redis.set(lease, 'a slow replica', 'PX', 3000); // it has read the row and has not stored it yet
    await db('user').where('id', userId).update({ name: 'after' });
    await models.users.changed(userId);
    assert.match((await models.users.find([userId])).get(userId)?.members ?? '', /after/);
    assert.equal(await redis.exists(lease), 0);
  });

  it('expire, and not all at once', async () => {
    const { db, models, redis, keyPrefix } = fixture;
    const ids = await Promise.all(Array.from({ length: 8 }, () => insertUser(db)));
    await models.users.find(ids);
    const expiries = await Promise.all(ids.map((id) => redis.pttl(`${keyPrefix}:{user:${id}}:view`)));
    assert.ok(expiries.every((ms) => ms > 20 * 60_000 && ms < 40 * 60_000));
    assert.ok(Math.max(...expiries) - Math.min(...expiries) > 1000);
  });
});
