import assert from 'node:assert/strict';
import type { Settlement } from '../../read-models/index.ts';
import type { LikeMove } from '../../read-models/likes/tracked-counts.ts';
import { type Fixture, flushAll, insertLike, insertUser, insertVideo, keysLike, startReadModels } from './fixture.ts';

describe('likes in the cache', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let authorId: number;
  let userId: number;
  let videoId: number;
  before(async () => {
    fixture = await startReadModels();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    authorId = await insertUser(fixture.db);
    userId = await insertUser(fixture.db);
    videoId = await insertVideo(fixture.db, { authorId });
  });

  /** An action on its way: versioned, and moved in the cache as after its acknowledgement by Kafka. */
  const act = async (liked: boolean): Promise<LikeMove> => {
    const like = await begin(liked);
    await fixture.models.likes.move(like);
    return like;
  };
  const begin = async (liked: boolean): Promise<LikeMove> => {
    return { userId, videoId, authorId, liked, ...(await fixture.models.likes.begin(userId, videoId)) };
  };

  /** What a like writer that wrote these rows would tell, as of a revision of all three counters. */
  const settlement = (like: LikeMove, { revision, count }: { revision: number; count: number }): Settlement => {
    const zeros = { follow_count: 0, follower_count: 0, work_count: 0 };
    return {
      likes: [{ ...like, likedSince: like.version }],
      users: new Map([
        [userId, { ...zeros, favorite_count: count, total_favorited: 0, revision }],
        [authorId, { ...zeros, favorite_count: 0, total_favorited: count, revision }],
      ]),
      videos: new Map([[videoId, { favorite_count: count, comment_count: 0, revision }]]),
    };
  };

  /** The same number from every place that shows it. */
  const shown = async () => {
    const [users, videos, liked, page] = await Promise.all([
      fixture.models.users.find([userId, authorId]),
      fixture.models.videos.find([videoId]),
      fixture.models.likes.among(userId, [videoId]),
      fixture.models.likes.page(userId, { limit: 10 }),
    ]);
    const count = (counts: string | undefined, column: string) =>
      Number(new RegExp(`"${column}":(\\d+)`).exec(counts ?? '')?.[1]);
    return {
      ofVideo: count(videos.get(videoId)?.counts, 'favorite_count'),
      given: count(users.get(userId)?.counts, 'favorite_count'),
      received: count(users.get(authorId)?.counts, 'total_favorited'),
      isFavorite: liked.has(videoId),
      listed: page.entries.length,
    };
  };
  const nothing = { ofVideo: 0, given: 0, received: 0, isFavorite: false, listed: 0 };
  const once = { ofVideo: 1, given: 1, received: 1, isFavorite: true, listed: 1 };

  const pendingKeys = async () =>
    (await keysLike(fixture.redis, `${fixture.keyPrefix}:*`)).filter(
      (key) => key.includes('pending') && [userId, videoId, authorId].some((id) => key.includes(`:${id}}`)),
    );

  it('are read by who acted at once, also when the views are not cached', async () => {
    assert.deepEqual(await shown(), nothing);
    await act(true);
    assert.deepEqual(await shown(), once);
    await act(false);
    assert.deepEqual(await shown(), nothing);
    await act(true);
    await fixture.models.videos.changed({ videoId, authorId });
    await fixture.models.users.changed(userId);
    assert.deepEqual(await shown(), once);
  });

  it('count once however often they are repeated, before and after they reach the rows', async () => {
    await act(true);
    const again = await act(true);
    assert.deepEqual(await shown(), once);
    await insertLike(fixture.db, again);
    await fixture.models.likes.settle(settlement(again, { revision: 1, count: 1 }));
    assert.deepEqual(await shown(), once);
    await act(true);
    assert.deepEqual(await shown(), once);
  });

  it('keep their place in the list when they are repeated, before and after they reach the rows', async () => {
    const { models, db, redis } = fixture;
    const other = await insertVideo(db, { authorId });
    const listed = async () => (await models.likes.page(userId, { limit: 10 })).entries.map((entry) => entry.videoId);
    await listed(); // so that it is cached
    const first = await act(true);
    const second = { userId, videoId: other, authorId, liked: true, ...(await models.likes.begin(userId, other)) };
    await models.likes.move(second);
    const again = await act(true);
    assert.deepEqual(await listed(), [other, videoId]);

    await insertLike(db, second);
    await insertLike(db, again);
    await db('favorite').where({ user_id: userId, video_id: videoId }).update({ liked_since: first.version });
    await flushAll(redis);
    assert.deepEqual(await listed(), [other, videoId]);
    await act(true);
    assert.deepEqual(await listed(), [other, videoId]);
    await act(false);
    await act(true);
    assert.deepEqual(await listed(), [videoId, other]);
  });

  it('leave nothing pending once they are settled', async () => {
    await shown();
    const like = await act(true);
    assert.equal((await pendingKeys()).length, 6);
    await fixture.models.likes.settle(settlement(like, { revision: 1, count: 1 }));
    assert.deepEqual(await shown(), once);
    assert.deepEqual(await pendingKeys(), []);
  });

  it('do not drift when two writers settle in the wrong order', async () => {
    await shown();
    const first = await act(true);
    const second = await act(false);
    const third = await act(true);
    const { likes } = fixture.models;
    await likes.settle(settlement(third, { revision: 3, count: 1 }));
    await likes.settle(settlement(first, { revision: 1, count: 1 }));
    await likes.settle(settlement(second, { revision: 2, count: 0 }));
    assert.deepEqual(await shown(), once);
    assert.deepEqual(await pendingKeys(), []);
  });

  for (const moment of ['before', 'after']) {
    it(`do not drift when one is settled later than its successor, and the next came ${moment} that`, async () => {
      await shown();
      const { likes } = fixture.models;
      const [first, second] = [await act(true), await act(false)];
      const settleSecond = () => likes.settle(settlement(second, { revision: 2, count: 0 }));
      if (moment === 'after') await settleSecond();
      await act(true);
      if (moment === 'before') await settleSecond();
      await likes.settle(settlement(first, { revision: 1, count: 1 }));
      assert.deepEqual(await shown(), once);
    });
  }

  it('show the last action while an earlier one is settled', async () => {
    await shown();
    const first = await act(true);
    await act(false);
    await fixture.models.likes.settle(settlement(first, { revision: 1, count: 1 }));
    assert.deepEqual(await shown(), nothing);
  });

  it('count once when the writer is faster than the process that reports them', async () => {
    await shown();
    const like = await begin(true);
    await insertLike(fixture.db, like);
    await fixture.models.likes.settle(settlement(like, { revision: 1, count: 1 }));
    await fixture.models.likes.move(like);
    assert.deepEqual(await shown(), once);
    assert.deepEqual(await pendingKeys(), []);
  });

  it('count once when the writer is faster, though an action of before waits or is settled late', async () => {
    const { likes } = fixture.models;
    for (const isFirstMoved of [true, false]) {
      await shown();
      const first = isFirstMoved ? await act(true) : await begin(true);
      const second = await begin(false);
      await likes.settle(settlement(second, { revision: second.version, count: 5 }));
      await likes.settle(settlement(first, { revision: first.version, count: 6 }));
      await likes.move(second);
      const { ofVideo, given, received } = await shown();
      assert.deepEqual([ofVideo, given, received], [5, 5, 5]);
      assert.deepEqual(await pendingKeys(), []);
    }
  });

  it('are found in the rows when everything cached is lost, and the versions go on', async () => {
    const like = await act(true);
    await insertLike(fixture.db, { ...like, version: like.version + 60_000_000 }); // a clock that ran ahead
    await fixture.db('video_counter').insert({ video_id: videoId, favorite_count: 1, revision: 1 });
    await fixture.db('user_counter').insert([
      { user_id: userId, favorite_count: 1, total_favorited: 0, revision: 1 },
      { user_id: authorId, favorite_count: 0, total_favorited: 1, revision: 1 },
    ]);
    await flushAll(fixture.redis);
    assert.deepEqual(await shown(), once);
    const next = await begin(false);
    assert.ok(next.version > like.version + 60_000_000);
    assert.equal(next.wasLiked, true);
  });

  /** The rows of a like and its counters, of which nobody has told Redis. */
  const writeRows = async (like: LikeMove, revision: number) => {
    await insertLike(fixture.db, like);
    await fixture.db('video_counter').insert({ video_id: videoId, favorite_count: 1, revision });
    await fixture.db('user_counter').insert([
      { user_id: userId, favorite_count: 1, revision },
      { user_id: authorId, total_favorited: 1, revision },
    ]);
  };

  it('that are rows, untold, count once for whoever loads a view', async () => {
    const like = await act(true);
    await writeRows(like, 1);
    assert.deepEqual(await shown(), once);
    assert.deepEqual(await pendingKeys(), []);
  });

  it('that are rows, untold, count once when something else is told of their counters', async () => {
    const { likes } = fixture.models;
    await shown();
    const like = await act(true);
    await writeRows(like, 2);
    const { users, videos } = settlement(like, { revision: 2, count: 1 });
    await likes.settle({ likes: [], users, videos }); // what a writer of other likes has read of the rows
    assert.deepEqual(await shown(), once);
    assert.deepEqual(await pendingKeys(), []);
  });

  it('that nobody will ever settle are forgotten when a reader finds them overdue', async () => {
    await shown();
    await fixture.redis.hset(`${fixture.keyPrefix}:{video:${videoId}}:pending-sums`, 'check', 1);
    await writeRows(await act(true), 1);
    assert.equal((await shown()).ofVideo, 1);
    assert.deepEqual(
      (await pendingKeys()).filter((key) => key.includes('{video:')),
      [],
    );
    assert.equal((await shown()).ofVideo, 1);
  });

  it('that wait are not compared with the rows when the next counts are told', async () => {
    await shown();
    const like = await act(true);
    const { users, videos } = settlement(like, { revision: 1, count: 4 });
    await fixture.models.likes.settle({ likes: [], users, videos });
    const checks = await Promise.all(
      [`video:${videoId}`, `user:${userId}`, `user:${authorId}`].map((owner) =>
        fixture.redis.hget(`${fixture.keyPrefix}:{${owner}}:pending-sums`, 'check'),
      ),
    );
    for (const check of checks) assert.ok(Number(check) > Date.now());
    assert.equal((await shown()).ofVideo, 5);
  });

  it('stay exact for a user who has more of them than are cached', async () => {
    const { db, models } = fixture;
    const ids = Array.from({ length: 2_010 }, (_, index) => 1_000_000_000 + userId * 10_000 + index);
    const videos = ids.map((id) => ({ id, author_id: authorId, state: 'ready', original_path: '', created_at: 1 }));
    const times = { created_at: 1, updated_at: 1 };
    const likes = ids.map((id, index) => ({
      user_id: userId,
      video_id: id,
      liked: true,
      version: index + 1,
      ...times,
    }));
    await db.batchInsert('video', videos, 500);
    await db.batchInsert('favorite', likes, 500);
    const asked = [...ids.slice(0, 20), ...ids.slice(-20), videoId];
    assert.deepEqual([...(await models.likes.among(userId, asked))].sort(), asked.slice(0, 40).sort());

    const seen: number[] = [];
    for (let cursor: number | undefined, more = true; more; more = cursor !== undefined) {
      const page = await models.likes.page(userId, { beforeVersion: cursor, limit: 200 });
      seen.push(...page.entries.map((entry) => entry.videoId));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, ids.toReversed());
  });
});
