import assert from 'node:assert/strict';
import { statementsDuring } from '../statements.ts';
import { type Fixture, insertUser, insertVideo, startReadModels } from './fixture.ts';

describe('feed', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let authorId: number;
  beforeEach(async () => {
    fixture = await startReadModels({ feedCacheSize: 5 });
    authorId = await insertUser(fixture.db);
  });
  afterEach(() => fixture.close());

  const publish = async (publishedAt: number) => {
    const videoId = await insertVideo(fixture.db, { authorId, publishedAt });
    await fixture.models.feed.add({ videoId, authorId, publishedAt });
    return videoId;
  };

  const readAll = async (limit: number) => {
    const pages: number[][] = [];
    let beforeMs: number | undefined;
    do {
      const page = await fixture.models.feed.page({ beforeMs, limit });
      pages.push(page.entries.map(({ publishedAtMs }) => publishedAtMs));
      beforeMs = page.nextTimeMs === 0 ? undefined : page.nextTimeMs;
    } while (beforeMs !== undefined);
    return pages;
  };

  it('is empty and says so without SQL the second time', async () => {
    await fixture.models.feed.page({ limit: 3 });
    const askAgain = async () =>
      assert.deepEqual(await fixture.models.feed.page({ limit: 3 }), { entries: [], nextTimeMs: 0 });
    assert.deepEqual(await statementsDuring(fixture.db, askAgain), []);
  });

  it('pages from the cache into the rows without a repeat or a gap, and ends with 0', async () => {
    for (const time of [10, 20, 30, 40, 50, 60, 70, 80, 90]) await publish(time);
    assert.deepEqual(await readAll(2), [[90, 80], [70, 60], [50, 40], [30, 20], [10]]);
    assert.deepEqual(await readAll(3), [
      [90, 80, 70],
      [60, 50, 40],
      [30, 20, 10],
    ]);
  });

  it('takes a new video at its place, cached or not, and stays bounded', async () => {
    for (const time of [10, 20, 30, 40, 50]) await publish(time);
    await readAll(10);
    await publish(60);
    await publish(55); // was decided before 60 and arrives after it
    await publish(5); // below what is cached
    assert.deepEqual(await readAll(10), [[60, 55, 50, 40, 30, 20, 10, 5]]);
    const members = await fixture.redis.zcard(`${fixture.keyPrefix}:{feed}:newest`);
    assert.equal(members, 6); // five videos and the floor
  });

  it('adds the same video twice without harm', async () => {
    await publish(10);
    await readAll(10);
    const videoId = await publish(20);
    await fixture.models.feed.add({ videoId, authorId, publishedAt: 20 });
    assert.deepEqual(await readAll(10), [[20, 10]]);
  });

  it('never keeps a load that a new video has overtaken', async () => {
    await publish(10);
    const lease = `${fixture.keyPrefix}:{feed}:newest-lease`;
    await fixture.redis.set(lease, 'a slow replica', 'PX', 3000);
    await publish(20);
    assert.equal(await fixture.redis.exists(lease), 0);
  });

  it('skips what is not ready', async () => {
    await insertVideo(fixture.db, { authorId, state: 'processing' });
    await insertVideo(fixture.db, { authorId, state: 'failed' });
    await publish(10);
    assert.deepEqual(await readAll(10), [[10]]);
  });
});
