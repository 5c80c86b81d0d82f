import assert from 'node:assert/strict';
import { eventuallyHolds } from '../../../test/eventually.ts';
import { insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { holdChange } from '../../shared/test/read-models/held-change.ts';
import { createCommentRows } from '../repositories/comments.ts';
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
      ids.map((id, index) => ({
        ...{ id, video_id: videoId, video_revision: index + 1, user_id: writerId },
        ...{ content: `comment ${id}`, created_at: 1 },
      })),
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
  const isThere = Promise.resolve();

  /** A comment of which Redis has not been told. */
  const hold = (id: number) => {
    const comment = { id, videoId, userId: writerId, content: `comment ${id}` };
    return holdChange(
      (write) => service.models.comments.change({ videoId, check: isThere, write }),
      () => createCommentRows({ db: service.db }).add(comment),
    );
  };
  /** Everything of the video is cached. */
  const show = async () => [await contents(), await count()];
  const untilShown = (wanted: unknown) =>
    eventuallyHolds(async () => {
      service.ageCopies();
      assert.deepEqual(await show(), wanted);
    }, 8);

  it('are listed as they were written, whatever ids their processes gave them', async () => {
    await contents();
    const ids = [1, 2, 3].map((index) => 10 * videoId - index);
    for (const id of ids) await (await hold(id)).tell();
    const wanted = ids.map((id) => `comment ${id}`).toReversed();
    assert.deepEqual(await contents(), wanted);
    await service.redis.del(key('comments'));
    assert.deepEqual(await contents(), wanted);
  });

  it('do not come back when a process tells of one after its deletion was told', async () => {
    await contents();
    const slow = await hold(7 * videoId);
    assert.equal((await remove(7 * videoId, writerId)).status_code, 0);
    await slow.tell();
    assert.deepEqual(await contents(), []);
    assert.equal(await service.redis.exists(key('comment-changes')), 0);
  });

  it('are right within seconds after a process died before it told of one', async () => {
    await show();
    await (await hold(7 * videoId)).die();
    await untilShown([[`comment ${7 * videoId}`], 1]);
  });

  it('are right within seconds after a process died, though an earlier one is told after that', async () => {
    await show();
    const [slow, dead] = [await hold(7 * videoId), await hold(8 * videoId)];
    await dead.die();
    await slow.tell();
    await untilShown([[`comment ${8 * videoId}`, `comment ${7 * videoId}`], 2]);
  });

  it('leave nothing in doubt when nothing was written', async () => {
    await show();
    assert.equal((await remove(5, writerId)).status_code, 40403);
    assert.equal(await service.redis.exists(key('comment-changes')), 0);
  });

  it('live on in the cache after they were told', async () => {
    await show();
    await add('hello');
    for (const name of ['comments', 'view-2']) assert.ok((await service.redis.pttl(key(name))) > 60_000, name);
    assert.equal(await service.redis.exists(key('comment-changes')), 0);
  });
});
