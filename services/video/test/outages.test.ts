import assert from 'node:assert/strict';
import { insertLike, insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { startVideoService, type VideoService } from './fixture.ts';

describe('video API while Redis is away', function () {
  this.timeout(90_000);
  let service: VideoService;
  let authorId: number;
  let viewerId: number;
  let videoIds: number[];
  before(async () => {
    service = await startVideoService();
    authorId = await insertUser(service.db);
    viewerId = await insertUser(service.db);
    videoIds = [];
    for (let index = 0; index < 5; index += 1) videoIds.unshift(await insertVideo(service.db, { authorId }));
    await insertLike(service.db, { userId: viewerId, videoId: videoIds[1] ?? 0, version: 1 });
    await service.db('video_counter').insert({ video_id: videoIds[1], favorite_count: 1, revision: 1 });
    service.waves.close();
  });
  after(() => service.close());

  it('answers every read from the rows', async () => {
    const feed = (await service.get('/douyin/feed/', {}, viewerId)).video_list;
    assert.deepEqual(
      feed.map(({ id }) => id),
      videoIds,
    );
    assert.deepEqual(feed.map((video) => [video.favorite_count, video.is_favorite])[1], [1, true]);
    const works = await service.get('/douyin/publish/list/', { user_id: authorId });
    assert.deepEqual(
      works.video_list.map(({ id }) => id),
      videoIds,
    );
    const liked = await service.get('/douyin/favorite/list/', { user_id: viewerId });
    assert.deepEqual(
      liked.video_list.map(({ id }) => id),
      [videoIds[1]],
    );
  });

  it('asks the database for few things at a time, however many callers there are', async () => {
    let running = 0;
    let most = 0;
    service.db.on('query', () => {
      running += 1;
      most = Math.max(most, running);
    });
    service.db.on('query-response', () => {
      running -= 1;
    });
    const answers = await Promise.all(Array.from({ length: 150 }, () => service.get('/douyin/feed/')));
    assert.ok(answers.every(({ status_code, video_list }) => status_code === 0 && video_list.length === 5));
    assert.ok(most <= 8, `${most} statements at once`);
  });

  it('answers comments from the rows, takes none, and says so', async () => {
    const [video_id = 0] = videoIds;
    const comment = { id: 1, video_id, video_revision: 1, user_id: viewerId, content: 'hello', created_at: 1 };
    await service.db('comment').insert(comment);
    const contents = async () =>
      (await service.get('/douyin/comment/list/', { video_id })).comment_list.map(({ content }) => content);
    assert.deepEqual(await contents(), ['hello']);
    for (const action of [
      { action_type: 1, comment_text: 'lost' },
      { action_type: 2, comment_id: 1 },
    ]) {
      const answer = await service.post('/douyin/comment/action/', { video_id, ...action }, viewerId);
      assert.deepEqual([answer.httpStatus, answer.status_code], [503, 50300]);
    }
    assert.deepEqual(await contents(), ['hello']);
  });

  it('says that a like cannot be taken now, and keeps nothing of it', async () => {
    const answer = await service.act(viewerId, { video_id: videoIds[0] ?? 0, action_type: 1 });
    assert.deepEqual([answer.httpStatus, answer.status_code], [503, 50300]);
    assert.equal((await service.db('favorite').where('user_id', viewerId)).length, 1);
  });
});

describe('video API while Kafka does not take likes', function () {
  this.timeout(90_000);
  let service: VideoService;
  before(async () => {
    service = await startVideoService({ topicPrefix: 'there-are-no-such-topics' });
  });
  after(() => service.close());

  it('asks to repeat a like, and shows nothing of it', async () => {
    const userId = await insertUser(service.db);
    const video_id = await insertVideo(service.db, { authorId: userId });
    const answer = await service.act(userId, { video_id, action_type: 1 });
    assert.deepEqual([answer.httpStatus, answer.status_code], [503, 50301]);
    assert.match(answer.status_msg, /repeat it/);
    const [shown] = (await service.get('/douyin/feed/', {}, userId)).video_list;
    assert.deepEqual([shown?.favorite_count, shown?.is_favorite], [0, false]);
  });
});
