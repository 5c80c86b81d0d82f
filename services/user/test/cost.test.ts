import assert from 'node:assert/strict';
import { insertUser, nextId } from '../../shared/test/read-models/fixture.ts';
import { type Answer, startUserService, type UserService } from './fixture.ts';

const followCount = 10_000;

/** The design figures: what a request may cost when everything it needs is cached. */
describe('cost of a warm request about users', function () {
  this.timeout(90_000);
  let service: UserService;
  let fanId: number;
  let starId: number;
  let nobodyId: number;
  before(async () => {
    service = await startUserService();
    [fanId, starId, nobodyId] = [
      await insertUser(service.db),
      await insertUser(service.db),
      await insertUser(service.db),
    ];
    await fillFollows(service, { fanId, starId });
  });
  after(() => service.close());

  const profile = (userId: number, viewerId?: number) => service.get('/douyin/user/', { user_id: userId }, viewerId);
  const following = (parameters: Record<string, number>, viewerId?: number) =>
    service.get('/douyin/relation/follow/list/', parameters, viewerId);
  const followers = (parameters: Record<string, number>, viewerId?: number) =>
    service.get('/douyin/relation/follower/list/', parameters, viewerId);
  const middle = followCount / 2;

  const costs: { name: string; ask: () => Promise<Answer>; waves: number; sql: number; entries?: number }[] = [
    { name: 'user, anonymous', ask: () => profile(fanId), waves: 1, sql: 0 },
    { name: 'user, logged in', ask: () => profile(nobodyId, starId), waves: 1, sql: 0 },
    {
      name: 'user, the flag below what is cached',
      ask: () => profile(starId, fanId),
      waves: 1,
      sql: 1,
    },
    ...[following, followers].flatMap((list, index) => {
      const name = ['follow list', 'follower list'][index];
      const ownerId = () => [fanId, starId][index] ?? 0;
      const page = (parameters = {}, viewerId?: number) => list({ user_id: ownerId(), ...parameters }, viewerId);
      return [
        { name: `${name}, first page`, ask: () => page({}, starId), waves: 2, sql: 0, entries: 200 },
        { name: `${name}, own first page`, ask: () => page({}, ownerId()), waves: 2, sql: 0, entries: 200 },
        {
          name: `${name}, second page`,
          ask: () => page({ cursor: followCount - 200 }),
          waves: 2,
          sql: 0,
          entries: 200,
        },
        {
          name: `${name}, a page below the cache`,
          ask: () => page({ cursor: middle }, nobodyId),
          waves: 2,
          sql: 1,
          entries: 200,
        },
        {
          name: `${name}, own page below the cache`,
          ask: () => page({ cursor: middle }, ownerId()),
          waves: 2,
          sql: 1,
          entries: 200,
        },
        { name: `${name}, the last page`, ask: () => page({ cursor: 101 }, nobodyId), waves: 2, sql: 1, entries: 100 },
        { name: `${name}, empty`, ask: () => list({ user_id: nobodyId }, nobodyId), waves: 1, sql: 0, entries: 0 },
      ];
    }),
  ];
  for (const { name, ask, waves, sql, entries } of costs) {
    it(`${name}: at most ${waves} waves to Redis and ${sql} SQL statements`, async () => {
      const answer = await ask();
      assert.equal(answer.status_code, 0);
      assert.equal(answer.user_list?.length, entries);
      for (const copies of ['kept', 'old']) {
        if (copies === 'old') service.ageCopies();
        service.waves.take();
        const statements = await service.statementsDuring(ask);
        const taken = service.waves.take();
        assert.ok(taken <= waves && (taken > 0 || copies === 'kept'), `${taken} waves when copies are ${copies}`);
        assert.ok(statements.length <= sql, statements.join('\n'));
      }
    });
  }

  it('bounds what is cached of a long list', async () => {
    await Promise.all([following({ user_id: fanId }), followers({ user_id: starId })]);
    const keyPrefix = service.cache.CACHE_KEY_PREFIX;
    const keys = [`${keyPrefix}:{user:${fanId}}:following`, `${keyPrefix}:{user:${starId}}:followers`];
    for (const key of keys) assert.ok(Number(await service.redis.memory('USAGE', key)) < 256 * 1024, key);
  });
});

/** A fan who follows 10,000 users, the star first; a star whom as many follow, the fan first. */
async function fillFollows({ db }: UserService, { fanId, starId }: { fanId: number; starId: number }): Promise<void> {
  const others = Array.from({ length: followCount - 1 }, nextId);
  const users = others.map((id) => ({ id, username: `user-${id}`, name: `User ${id}`, created_at: 1 }));
  const row = (follower_id: number, following_id: number, index: number) => ({
    ...{ follower_id, following_id, friend_revision: null, created_at: 1 },
    ...{ follower_revision: index + 1, following_revision: index + 1 },
  });
  await db.batchInsert('user', users, 1_000);
  await db('follow').insert(row(fanId, starId, 0));
  await db.batchInsert(
    'follow',
    others.map((id, index) => row(fanId, id, index + 1)),
    1_000,
  );
  await db.batchInsert(
    'follow',
    others.map((id, index) => row(id, starId, index + 1)),
    1_000,
  );
  await db('user_counter').insert([
    { user_id: fanId, follow_count: followCount, revision: followCount },
    { user_id: starId, follower_count: followCount, revision: followCount },
  ]);
}
