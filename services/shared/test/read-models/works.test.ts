import assert from 'node:assert/strict';
import { type Fixture, insertUser, insertVideo, startReadModels } from './fixture.ts';

describe('works of an author', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let authorId: number;
  before(async () => {
    fixture = await startReadModels();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    authorId = await insertUser(fixture.db);
  });

  const idsOf = async (isOwn: boolean, limit = 10) => {
    const ids: number[] = [];
    for (let beforeId: number | undefined, more = true; more; more = beforeId !== undefined) {
      const page = await fixture.models.videos.works({ authorId, isOwn, beforeId, limit });
      ids.push(...page.works.map(({ id }) => id));
      beforeId = page.nextCursor;
    }
    return ids;
  };

  it('show what is not ready to their author alone, newest first', async () => {
    const ready = await insertVideo(fixture.db, { authorId });
    const failed = await insertVideo(fixture.db, { authorId, state: 'failed' });
    const processing = await insertVideo(fixture.db, { authorId, state: 'processing' });
    assert.deepEqual(await idsOf(true), [processing, failed, ready]);
    assert.deepEqual(await idsOf(false), [ready]);
  });

  it('follow a change at once, from an empty list on', async () => {
    assert.deepEqual(await idsOf(true), []);
    const videoId = await insertVideo(fixture.db, { authorId, state: 'processing' });
    await fixture.models.videos.changed({ videoId, authorId });
    assert.deepEqual(await idsOf(true), [videoId]);
  });

  it('page from the cache into the rows without a repeat or a gap', async () => {
    const ids: number[] = [];
    for (let index = 0; index < 320; index += 1) {
      ids.push(await insertVideo(fixture.db, { authorId, state: index % 3 === 0 ? 'failed' : 'ready' }));
    }
    assert.deepEqual(await idsOf(true, 50), ids.toReversed());
    const ready = ids.filter((_, index) => index % 3 !== 0);
    assert.deepEqual(await idsOf(false, 50), ready.toReversed());
  });
});
