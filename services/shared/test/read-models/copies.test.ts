import assert from 'node:assert/strict';
import type { ReadModels } from '../../read-models/index.ts';
import { createMovableClock } from '../movable-clock.ts';
import { type Fixture, insertUser, insertVideo, startReadModels } from './fixture.ts';

describe('copies that a process keeps for a moment', function () {
  this.timeout(90_000);
  const clock = createMovableClock();
  let fixture: Fixture;
  let replicas: [ReadModels, ReadModels];
  let authorId: number;
  let fanId: number;
  let videoId: number;
  before(async () => {
    fixture = await startReadModels();
    replicas = [await fixture.another({ now: clock.now }), await fixture.another({ now: clock.now })];
  });
  after(() => fixture.close());
  beforeEach(async () => {
    authorId = await insertUser(fixture.db);
    fanId = await insertUser(fixture.db);
    videoId = await insertVideo(fixture.db, { authorId });
  });

  const like = async (models: ReadModels, userId: number, liked: boolean) => {
    const begun = await models.likes.begin(userId, videoId);
    await models.likes.move({ userId, videoId, authorId, liked, ...begun });
  };

  /** Likes of the video, and likes that its author received, as a caller sees them through a replica. */
  const seenBy = async (viewerId: number | undefined, models: ReadModels) => {
    const isTouched = await models.viewer(viewerId).isTouched;
    const [videos, users] = await Promise.all([
      models.videos.glance([videoId], isTouched),
      models.users.glance([authorId], isTouched),
    ]);
    const numberIn = (counts: string | undefined, column: string) =>
      Number(new RegExp(`"${column}":(\\d+)`).exec(counts ?? '')?.[1]);
    return [
      numberIn(videos.get(videoId)?.counts, 'favorite_count'),
      numberIn(users.get(authorId)?.counts, 'total_favorited'),
    ];
  };

  it('never hide an action from its caller, whichever process took it and whichever is asked', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [taking, asked] = round % 2 ? replicas : replicas.toReversed();
      assert.ok(taking && asked);
      const isLiked = round % 3 !== 1;
      for (const models of replicas) await seenBy(undefined, models); // so that there are copies
      await like(taking, fanId, isLiked);
      const expected = isLiked ? [1, 1] : [0, 0];
      assert.deepEqual(await seenBy(fanId, asked), expected, `round ${round}`);
      assert.deepEqual(await seenBy(fanId, taking), expected, `round ${round}`);
    }
  });

  it('are shown to others for less than a second', async () => {
    const [one, other] = replicas;
    assert.deepEqual(await seenBy(undefined, other), [0, 0]);
    await like(one, fanId, true);
    clock.putForward(1_000);
    assert.deepEqual(await seenBy(undefined, other), [1, 1]);
  });

  it('are not kept of a video that waits to be ready: a page of the feed would have a hole in its place', async () => {
    const [models] = replicas;
    const id = await insertVideo(fixture.db, { authorId, state: 'processing' });
    const stateSeen = async () => (await models.videos.glance([id], () => false)).get(id)?.state;
    assert.equal(await stateSeen(), 'processing');
    await fixture
      .db('video')
      .where({ id })
      .update({ state: 'ready', published_at: 1_700_000_000_000 + id });
    await models.videos.changed({ videoId: id, authorId });
    assert.equal(await stateSeen(), 'ready');
  });

  it('give the newest page to players who ask for what is before now', async () => {
    const [models] = replicas;
    const page = await models.feed.glance({ limit: 10 });
    assert.equal(await models.feed.glance({ limit: 10, beforeMs: Date.now() + 5_000 }), page);
    const first = page.entries[0];
    assert.ok(first);
    const next = await models.feed.glance({ limit: 10, beforeMs: first.publishedAtMs });
    assert.deepEqual(next.entries, page.entries.slice(1));
  });
});
