import assert from 'node:assert/strict';
import { insertLike, insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { startVideoService, type VideoService } from './fixture.ts';

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
  });
  after(() => service.close());

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
  ];
  for (const { name, ask, waves, sql } of costs) {
    it(`${name}: at most ${waves} waves to Redis and ${sql} SQL statements`, async () => {
      assert.equal((await ask()).status_code, 0);
      for (const copies of ['kept', 'old']) {
        if (copies === 'old') service.ageCopies();
        service.waves.take();
        let statements = 0;
        const count = () => {
          statements += 1;
        };
        service.db.on('query', count);
        await ask();
        service.db.off('query', count);
        const taken = service.waves.take();
        assert.ok(taken <= waves && (taken > 0 || copies === 'kept'), `${taken} waves when copies are ${copies}`);
        assert.ok(statements <= sql, `${statements} statements`);
      }
    });
  }
});
