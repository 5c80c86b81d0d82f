import assert from 'node:assert/strict';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { startVideoService, type VideoService } from './fixture.ts';

describe('comments', function () {
  this.timeout(90_000);
  let service: VideoService;
  let authorId: number;
  let writerId: number;
  let strangerId: number;
  let videoId: number;
  before(async () => {
    service = await startVideoService();
  });
  after(() => service.close());
  beforeEach(async () => {
    [authorId, writerId, strangerId] = await Promise.all([
      insertUser(service.db),
      insertUser(service.db),
      insertUser(service.db),
    ]);
    videoId = await insertVideo(service.db, { authorId });
  });

  const add = (comment_text: string, viewerId: number | undefined = writerId, video_id = videoId) =>
    service.post('/douyin/comment/action/', { video_id, action_type: 1, comment_text }, viewerId);
  const remove = (comment_id: number, viewerId?: number) =>
    service.post('/douyin/comment/action/', { video_id: videoId, action_type: 2, comment_id }, viewerId);
  const list = (parameters: Record<string, number> = {}, viewerId?: number) =>
    service.get('/douyin/comment/list/', { video_id: videoId, ...parameters }, viewerId);
  const contents = async () => (await list()).comment_list.map(({ content }) => content);
  const count = async () => {
    const { video_list } = await service.get('/douyin/publish/list/', { user_id: authorId }, strangerId);
    return video_list[0]?.comment_count;
  };
  const row = () => service.db('video_counter').where('video_id', videoId).first('comment_count', 'revision');

  it('are answered, listed and counted at once', async () => {
    assert.deepEqual(await contents(), []);
    const { comment } = await add('well done');
    assert.equal(comment.content, 'well done');
    assert.equal(comment.user.id, writerId);
    assert.equal(comment.create_date, new Date(comment.created_at).toISOString().slice(5, 10));
    await add('indeed', authorId);
    assert.deepEqual(await contents(), ['indeed', 'well done']);
    assert.equal(await count(), 2);
    assert.deepEqual(await row(), { comment_count: 2, revision: 2 });
  });

  it('go when their author or the author of the video wants it, and for nobody else', async () => {
    const [first, second] = [(await add('one')).comment.id, (await add('two')).comment.id];
    for (const viewerId of [strangerId, undefined]) assert.notEqual((await remove(first, viewerId)).status_code, 0);
    assert.deepEqual(await contents(), ['two', 'one']);
    assert.equal((await remove(first, writerId)).status_code, 0);
    assert.equal((await remove(second, authorId)).status_code, 0);
    assert.equal((await remove(second, authorId)).status_code, 40403);
    assert.deepEqual(await contents(), []);
    assert.equal(await count(), 0);
  });

  it('take every character that a person writes, and nothing blank or too long', async () => {
    const smiles = '😀'.repeat(500);
    for (const text of ['第一！', 'two\nlines', '<b>"quoted"\\</b>', smiles]) {
      assert.equal((await add(text)).status_code, 0, text.slice(0, 20));
      assert.equal((await contents())[0], text);
    }
    for (const text of ['', ' \n ', 'a\u0007b', `${smiles}!`]) assert.equal((await add(text)).status_code, 40001);
  });

  it('need a video that everybody sees', async () => {
    const hidden = await insertVideo(service.db, { authorId, state: 'processing' });
    assert.equal((await add('hm', writerId, hidden)).status_code, 40401);
    assert.equal((await add('hm', writerId, 1)).status_code, 40401);
    assert.equal((await service.get('/douyin/comment/list/', { video_id: 1 })).status_code, 40401);
    assert.deepEqual((await service.get('/douyin/comment/list/', { video_id: 1 })).comment_list, []);
  });

  it('are paged through by a cursor, in the cache and below it', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => 1_000_000 * videoId + index);
    await service.db.batchInsert(
      'comment',
      ids.map((id) => ({ id, video_id: videoId, user_id: writerId, content: `comment ${id}`, created_at: 1 })),
    );
    const seen: number[] = [];
    let cursor: number | undefined;
    do {
      const page = await list({ limit: 70, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.comment_list.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    assert.deepEqual(seen, ids.toReversed());
  });

  it('say whether the caller follows who wrote them', async () => {
    await add('hello');
    await service.db('follow').insert({
      ...{ follower_id: strangerId, following_id: writerId, created_at: 1 },
      ...{ follower_revision: 1, following_revision: 1 },
    });
    assert.equal((await list({}, strangerId)).comment_list[0]?.user.is_follow, true);
    assert.equal((await list()).comment_list[0]?.user.is_follow, false);
  });

  it('keep their count when many are written and deleted at once', async () => {
    const added = await Promise.all(Array.from({ length: 30 }, (_, index) => add(`comment ${index}`)));
    await Promise.all(added.slice(0, 10).map(({ comment }) => remove(comment.id, writerId)));
    assert.equal((await contents()).length, 20);
    assert.equal(await count(), 20);
    assert.deepEqual(await row(), { comment_count: 20, revision: 40 });
  });

  const key = (name: string) => `${service.cache.CACHE_KEY_PREFIX}:{video:${videoId}}:${name}`;

  it('do not come back when a process tells of one after its deletion was told', async () => {
    const { models, redis } = service;
    await contents();
    const state = {
      videoId,
      actorId: writerId,
      commentId: 7 * videoId,
      counters: { comment_count: 1, favorite_count: 0 },
    };
    const comment = { id: state.commentId, userId: writerId, content: 'late', createdAt: 1 };
    await models.comments.change(videoId, async (addIsToCommit) => {
      await addIsToCommit();
      await models.comments.change(videoId, async (removeIsToCommit) => {
        await removeIsToCommit();
        return { ...state, counters: { ...state.counters, comment_count: 0, revision: 2 } };
      });
      return { ...state, comment, counters: { ...state.counters, revision: 1 } };
    });
    assert.deepEqual(await contents(), []);
    assert.equal(await redis.exists(key('comment-changes')), 0);
  });

  it('end soon in the cache when a process dies between its commit and telling of it', async () => {
    const { models, redis } = service;
    await contents();
    const died = models.comments.change(videoId, async (beforeCommit) => {
      await beforeCommit();
      throw new Error('died');
    });
    await assert.rejects(died, /died/);
    assert.ok((await redis.pttl(key('comments'))) <= 5_000);
    await redis.del(key('comments'));
    await contents();
    assert.ok((await redis.pttl(key('comments'))) <= 5_000);
  });
});
