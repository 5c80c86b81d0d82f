import assert from 'node:assert/strict';
import { insertLike, insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { statementsDuring } from '../../shared/test/statements.ts';
import { startVideoService, type VideoService } from './fixture.ts';

const commentCount = 10_000;

/** The design figures: what a request may cost when everything it needs is cached. */
describe('cost of a warm request', function () {
  this.timeout(90_000);
  let service: VideoService;
  let viewerId: number;
  let nobodyId: number;
  const videoIds: number[] = [];
  before(async () => {
    service = await startVideoService({ feedCacheSize: 40 });
    const authors = await Promise.all(Array.from({ length: 10 }, () => insertUser(service.db)));
    for (let index = 0; index < 50; index += 1)
      videoIds.push(await insertVideo(service.db, { authorId: authors[index % 10] ?? 0 }));
    viewerId = authors[0] ?? 0;
    nobodyId = await insertUser(service.db);
    for (const videoId of videoIds.slice(10))
      await insertLike(service.db, { userId: viewerId, videoId, version: videoId });
    await fillComments(service, { videoId: videoIds[0] ?? 0, authors });
  });
  after(() => service.close());

  const listComments = (video_id = 0, cursor?: number) =>
    service.get('/douyin/comment/list/', { video_id, ...(cursor !== undefined && { cursor }) }, viewerId);
  const comment = (action: Record<string, string | number>) =>
    service.post('/douyin/comment/action/', { video_id: videoIds[2] ?? 0, ...action }, viewerId);

  const costs: { name: string; ask: () => Promise<{ status_code: number }>; waves: number; sql: number }[] = [
    { name: 'feed, anonymous', ask: () => service.get('/douyin/feed/'), waves: 2, sql: 0 },
    { name: 'feed, logged in', ask: () => service.get('/douyin/feed/', {}, viewerId), waves: 2, sql: 0 },
    {
      name: 'feed, a page below the cache',
      ask: () => service.get('/douyin/feed/', { latest_time: 1_700_000_000_000 + (videoIds[9] ?? 0) }, viewerId),
      waves: 2,
      sql: 1,
    },
    { name: 'publish list', ask: () => service.get('/douyin/publish/list/', {}, viewerId), waves: 2, sql: 0 },
    { name: 'publish list, empty', ask: () => service.get('/douyin/publish/list/', {}, nobodyId), waves: 1, sql: 0 },
    { name: 'favorite list', ask: () => service.get('/douyin/favorite/list/', {}, viewerId), waves: 2, sql: 0 },
    { name: 'favorite list, empty', ask: () => service.get('/douyin/favorite/list/', {}, nobodyId), waves: 1, sql: 0 },
    {
      name: 'like',
      ask: () => service.act(viewerId, { video_id: videoIds[20] ?? 0, action_type: 1 }),
      waves: 2,
      sql: 0,
    },
    { name: 'comment list', ask: () => listComments(videoIds[0]), waves: 2, sql: 0 },
    { name: 'comment list, deeper', ask: () => listComments(videoIds[0], commentCount / 2), waves: 2, sql: 1 },
    { name: 'comment list, empty', ask: () => listComments(videoIds[1]), waves: 1, sql: 0 },
    { name: 'comment', ask: () => comment({ action_type: 1, comment_text: 'well done' }), waves: 2, sql: 5 },
  ];
  for (const { name, ask, waves, sql } of costs) {
    it(`${name}: at most ${waves} waves to Redis and ${sql} SQL statements`, async () => {
      assert.equal((await ask()).status_code, 0);
      for (const copies of ['kept', 'old']) {
        if (copies === 'old') service.ageCopies();
        service.waves.take();
        const statements = await statementsDuring(service.db, ask);
        const taken = service.waves.take();
        assert.ok(taken <= waves && (taken > 0 || copies === 'kept'), `${taken} waves when copies are ${copies}`);
        assert.ok(statements.length <= sql, statements.join('\n'));
      }
    });
  }

  it('bounds what is cached of many comments', async () => {
    await listComments(videoIds[0]);
    const key = `${service.cache.CACHE_KEY_PREFIX}:{video:${videoIds[0]}}:comments`;
    assert.ok(Number(await service.redis.memory('USAGE', key)) < 256 * 1024);
  });
});

/** A video with 10,000 comments of several users. */
async function fillComments({ db }: VideoService, { videoId, authors }: { videoId: number; authors: number[] }) {
  const rows = Array.from({ length: commentCount }, (_, index) => ({
    ...{ id: 1_000_000 + index, video_id: videoId, video_revision: index + 1 },
    ...{ user_id: authors[index % authors.length] ?? 0, content: `The comment number ${index}`, created_at: 1 },
  }));
  await db.batchInsert('comment', rows, 1_000);
  await db('video_counter').insert({ video_id: videoId, comment_count: commentCount, revision: commentCount });
}
