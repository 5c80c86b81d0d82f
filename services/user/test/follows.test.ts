import assert from 'node:assert/strict';
import { eventuallyHolds } from '../../../test/eventually.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import {
  type Fixture,
  flushAll,
  insertUser,
  keysLike,
  startReadModels,
} from '../../shared/test/read-models/fixture.ts';
import { statementsDuring } from '../../shared/test/statements.ts';
import { createFollowRows, type FollowWish } from '../repositories/follows.ts';
import { heldFollow, rowsOf, shownOf } from './follow-graph.ts';

describe('follows in the cache', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let other: ReadModels;
  let ada: number;
  let ben: number;
  let cleo: number;
  before(async () => {
    fixture = await startReadModels();
    other = await fixture.another();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    [ada, ben, cleo] = await Promise.all([insertUser(fixture.db), insertUser(fixture.db), insertUser(fixture.db)]);
    await showAll(); // so that everything is cached
  });

  const showAll = () => Promise.all([ada, ben, cleo].map((id) => shownOf(fixture.models, id)));
  const change = (wish: FollowWish, models = fixture.models) =>
    models.follows.change({
      ...wish,
      check: Promise.resolve(),
      write: () => createFollowRows({ db: fixture.db }).write(wish),
    });
  const follow = (followerId: number, followingId: number, models = fixture.models) =>
    change({ followerId, followingId, follows: true }, models);
  const unfollow = (followerId: number, followingId: number, models = fixture.models) =>
    change({ followerId, followingId, follows: false }, models);
  const hold = (followerId: number, followingId: number, follows: boolean) =>
    heldFollow(other, fixture.db, { followerId, followingId, follows });

  const assertRight = async (...userIds: number[]) => {
    for (const userId of userIds)
      assert.deepEqual(await shownOf(fixture.models, userId), await rowsOf(fixture.db, userId));
  };
  const queriesDuring = async (work: () => Promise<unknown>) => (await statementsDuring(fixture.db, work)).length;

  it('are moved, not loaded again: lists, friends and counts of both', async () => {
    await follow(ada, ben);
    await follow(ben, ada);
    await follow(cleo, ada);
    assert.equal(await queriesDuring(showAll), 0);
    assert.deepEqual(await shownOf(fixture.models, ada), {
      ...{ following: [ben], followers: [cleo, ben], friends: [ben], counts: [1, 2] },
    });
    assert.deepEqual(
      [await fixture.models.follows.isFriend(ben, ada), await fixture.models.follows.isFriend(cleo, ada)],
      [true, false],
    );
    await unfollow(ben, ada);
    assert.equal(await queriesDuring(showAll), 0);
    await assertRight(ada, ben, cleo);
  });

  it('cost no SQL where there are none', async () => {
    const ids = [ada, ben, cleo];
    assert.equal(await queriesDuring(() => fixture.models.follows.among(ada, ids)), 0);
    assert.deepEqual(await fixture.models.follows.among(ada, ids), new Set());
  });

  it('are loaded once, however many ask at the same time in however many processes', async () => {
    await flushAll(fixture.redis);
    const queries = await queriesDuring(() =>
      Promise.all(
        Array.from({ length: 100 }, (_, index) => (index % 2 ? fixture.models : other).follows.among(ada, [ben])),
      ),
    );
    assert.equal(queries, 2); // the revision and the rows
  });

  it('end as the last action, whichever process tells its own first', async () => {
    const slowFollow = await hold(ada, ben, true);
    await unfollow(ada, ben);
    await slowFollow.tell();
    await assertRight(ada, ben);

    await follow(ada, ben);
    const slowUnfollow = await hold(ada, ben, false);
    await follow(ada, ben);
    await slowUnfollow.tell();
    await assertRight(ada, ben);
    assert.deepEqual((await shownOf(fixture.models, ada)).following, [ben]);
  });

  it('keep their order when an earlier one is told later', async () => {
    const slow = await hold(ada, cleo, true);
    await follow(ben, cleo);
    await slow.tell();
    assert.deepEqual((await shownOf(fixture.models, cleo)).followers, [ben, ada]);
    await assertRight(ada, ben, cleo);
  });

  it('are right when they are loaded between a commit and its telling', async () => {
    await flushAll(fixture.redis);
    const slow = await hold(ada, ben, true);
    await assertRight(ada, ben); // loads them
    await slow.tell();
    await assertRight(ada, ben);
    const slowUnfollow = await hold(ada, ben, false);
    await flushAll(fixture.redis);
    await assertRight(ada, ben);
    await slowUnfollow.tell();
    await assertRight(ada, ben);
  });

  it('are right within seconds after a process died between its commit and its telling', async () => {
    const dead = await hold(ada, ben, true);
    await dead.die();
    await follow(ada, cleo); // told in time, by a process that lives
    await eventuallyHolds(() => assertRight(ada, ben, cleo), 8);
  });

  it('are right within seconds after a process died, though an earlier one is told after that', async () => {
    const [slow, dead] = [await hold(ada, ben, true), await hold(ada, cleo, true)];
    await dead.die();
    await slow.tell();
    await eventuallyHolds(() => assertRight(ada), 8);
  });

  it('are right at once for the caller who repeats an action of which a dead process did not tell', async () => {
    const dead = await hold(ada, ben, true);
    await dead.die();
    await follow(ada, ben);
    await assertRight(ada, ben);
  });

  it('live on after they were told: a change costs the next readers nothing', async () => {
    await follow(ada, ben);
    const keys = await keysLike(fixture.redis, `${fixture.keyPrefix}:{user:${ada}}:*`);
    const lifetimes = await Promise.all(
      keys.filter((key) => /:(view|following|followers|friends)$/.test(key)).map((key) => fixture.redis.pttl(key)),
    );
    assert.equal(lifetimes.length, 4);
    assert.ok(Math.min(...lifetimes) > 60_000, `${lifetimes}`);
    assert.ok(!keys.some((key) => key.endsWith('follow-changes')));
  });

  it('stay exact for a user who has more of them than are cached, and grow no further than that', async () => {
    const { db, models } = fixture;
    const ids = Array.from({ length: 2_010 }, (_, index) => 2_000_000_000 + ada * 10_000 + index);
    const rows = ids.map((id, index) => ({
      ...{ follower_id: ada, following_id: id, follower_revision: index + 1, following_revision: 1 },
      ...{ friend_revision: null, created_at: 1 },
    }));
    await db.batchInsert('follow', rows, 500);
    await db('user_counter').where('user_id', ada).delete();
    await db('user_counter').insert({ user_id: ada, follow_count: ids.length, revision: ids.length });
    await flushAll(fixture.redis);
    const asked = [...ids.slice(0, 20), ...ids.slice(-20), ben];
    assert.deepEqual([...(await models.follows.among(ada, asked))].sort(), asked.slice(0, 40).sort());

    const oldest = ids[0] ?? 0;
    await follow(ada, ben);
    await unfollow(ada, oldest);
    assert.deepEqual(await models.follows.among(ada, [oldest, ben]), new Set([ben]));
    const seen: number[] = [];
    for (let cursor: number | undefined, more = true; more; more = cursor !== undefined) {
      const page = await models.follows.following(ada, { beforeRevision: cursor, limit: 200 });
      seen.push(...page.entries.map((entry) => entry.userId));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, [ben, ...ids.slice(1).toReversed()]);

    const key = `${fixture.keyPrefix}:{user:${ada}}:following`;
    const fillers = Array.from({ length: 600 }, (_, index) => [100_000 + index, -index - 1]).flat();
    await fixture.redis.zadd(key, ...fillers);
    await follow(ada, cleo);
    await models.follows.among(ada, [cleo]);
    assert.ok((await fixture.redis.zcard(key)) <= 2_002);
  });

  it('are the rows after many users did as they liked in two processes, while Redis was emptied', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => insertUser(fixture.db)));
    const anyOf = (from: readonly number[]) => from[Math.floor(Math.random() * from.length)] ?? 0;
    const live = async (userId: number) => {
      for (let step = 0; step < 40; step += 1) {
        const follows = Math.random() < 0.6;
        const followingId = anyOf(ids.filter((id) => id !== userId));
        await change({ followerId: userId, followingId, follows }, anyModels());
        const flags = await fixture.models.follows.among(userId, [followingId]);
        assert.equal(flags.has(followingId), follows, 'whoever acted reads it at once');
        if (Math.random() < 0.05) await flushAll(fixture.redis);
      }
    };
    const anyModels = () => (Math.random() < 0.5 ? fixture.models : other);
    await Promise.all(ids.map(live));
    await assertRight(...ids);
    await flushAll(fixture.redis);
    await assertRight(...ids);
  });
});
