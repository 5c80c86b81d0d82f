import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from '../../shared/mysql/database.ts';
import { insertUser } from '../../shared/test/read-models/fixture.ts';
import { type Answer, startUserService, type UserService } from './fixture.ts';

describe('relation API', function () {
  this.timeout(90_000);
  let service: UserService;
  let ada: number;
  let ben: number;
  let cleo: number;
  before(async () => {
    service = await startUserService();
  });
  after(() => service.close());
  beforeEach(async () => {
    [ada, ben, cleo] = [
      await insertUser(service.db, { name: 'Ada' }),
      await insertUser(service.db, { name: 'Ben' }),
      await insertUser(service.db, { name: 'Cleo' }),
    ];
  });

  const act = (viewerId: number | undefined, to_user_id: number, action_type: number) =>
    service.post('/douyin/relation/action/', { to_user_id, action_type }, viewerId);
  const follow = async (viewerId: number, otherId: number) =>
    assert.equal((await act(viewerId, otherId, 1)).status_code, 0);
  const unfollow = async (viewerId: number, otherId: number) =>
    assert.equal((await act(viewerId, otherId, 2)).status_code, 0);
  const following = (parameters = {}, viewerId?: number) =>
    service.get('/douyin/relation/follow/list/', parameters, viewerId);
  const followers = (parameters = {}, viewerId?: number) =>
    service.get('/douyin/relation/follower/list/', parameters, viewerId);
  /** As Ada sees it, who acts: others may see what was a moment ago. */
  const profile = async (userId: number, viewerId = ada) => {
    const { user } = await service.get('/douyin/user/', { user_id: userId }, viewerId);
    return [user.follow_count, user.follower_count, user.is_follow];
  };
  const idsOf = ({ user_list }: Answer) => user_list.map(({ id }) => id);

  it('shows a follow to both at once, in every list, count and flag, and forgets it again', async () => {
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [0, 0, false],
        [0, 0, false],
      ],
    );
    assert.deepEqual([idsOf(await following({ user_id: ada })), idsOf(await followers({ user_id: ben }))], [[], []]);
    await follow(ada, ben);
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [1, 0, false],
        [0, 1, true],
      ],
    );
    assert.deepEqual(idsOf(await following({ user_id: ada })), [ben]);
    assert.deepEqual(idsOf(await followers({ user_id: ben })), [ada]);
    await unfollow(ada, ben);
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [0, 0, false],
        [0, 0, false],
      ],
    );
    assert.deepEqual([idsOf(await following({ user_id: ada })), idsOf(await followers({ user_id: ben }))], [[], []]);
  });

  it('shows whether the caller follows, not the owner of the list', async () => {
    await follow(ada, ben);
    await follow(cleo, ben);
    await follow(ben, cleo);
    const flagsFor = async (viewerId?: number) =>
      (await followers({ user_id: ben }, viewerId)).user_list.map(({ name, is_follow }) => [name, is_follow]);
    assert.deepEqual(await flagsFor(ben), [
      ['Cleo', true],
      ['Ada', false],
    ]);
    assert.deepEqual(await flagsFor(ada), [
      ['Cleo', false],
      ['Ada', false],
    ]);
    assert.deepEqual(await flagsFor(), [
      ['Cleo', false],
      ['Ada', false],
    ]);
    const seenBy = async (viewerId: number) => (await following({ user_id: ada }, viewerId)).user_list[0]?.is_follow;
    assert.deepEqual([await seenBy(ada), await seenBy(cleo), await seenBy(ben)], [true, true, false]);
  });

  it('changes nothing when a follow or an unfollow is repeated', async () => {
    for (let time = 0; time < 3; time += 1) await follow(ada, ben);
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [1, 0, false],
        [0, 1, true],
      ],
    );
    assert.deepEqual(idsOf(await following({}, ada)), [ben]);
    for (let time = 0; time < 3; time += 1) await unfollow(ada, ben);
    await unfollow(cleo, ada);
    assert.deepEqual(
      [await profile(ada), await profile(ben), await profile(cleo)],
      [
        [0, 0, false],
        [0, 0, false],
        [0, 0, false],
      ],
    );
    assert.deepEqual(await service.db('follow').whereIn('follower_id', [ada, ben, cleo]), []);
  });

  it('counts once what is asked for many times at once, and lets opposite wishes end as one of them', async () => {
    await Promise.all(Array.from({ length: 20 }, () => follow(ada, ben)));
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [1, 0, false],
        [0, 1, true],
      ],
    );
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? follow(ada, ben) : unfollow(ada, ben))));
    const rows = (await service.db('follow').where({ follower_id: ada, following_id: ben })).length;
    assert.deepEqual(
      [await profile(ada), await profile(ben)],
      [
        [rows, 0, false],
        [0, rows, rows === 1],
      ],
    );
    assert.deepEqual(idsOf(await following({ user_id: ada })), rows === 1 ? [ben] : []);
    assert.deepEqual(idsOf(await followers({ user_id: ben })), rows === 1 ? [ada] : []);
  });

  it('keeps answering others while many wait to follow one star', async () => {
    await service.db('user_counter').insert({ user_id: ben });
    const star = await service.db.transaction();
    await star('user_counter').where('user_id', ben).forUpdate();
    const fans = await Promise.all(Array.from({ length: 20 }, () => insertUser(service.db)));
    const waiting = Promise.all(fans.map((fan) => follow(fan, ben)));
    await followsWait(star);
    const stranger = await insertUser(service.db);
    assert.deepEqual(await profile(stranger), [0, 0, false]);
    await star.commit();
    await waiting;
    assert.deepEqual(await profile(ben), [0, 20, false]);
  });

  /** Until transactions wait for a row that another one has locked. */
  const followsWait = async (trx: Knex) => {
    for (;;) {
      const [rows] = await trx.raw("SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'");
      if (rows.length > 0) return;
      await pause(150); // the server renews this table only when nobody has read it for 100 ms
    }
  };

  it('pages by limit and cursor, the last follow first', async () => {
    const others: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      others.unshift(await insertUser(service.db));
      await follow(ada, others[0] ?? 0);
      await follow(others[0] ?? 0, ada);
    }
    for (const list of [following, followers]) {
      const first = await list({ user_id: ada, limit: 2 });
      const second = await list({ user_id: ada, limit: 2, cursor: first.next_cursor });
      const third = await list({ user_id: ada, limit: 2, cursor: second.next_cursor });
      assert.deepEqual([first, second, third].flatMap(idsOf), others);
      assert.equal('next_cursor' in third, false);
      assert.equal((await list({ user_id: ada, limit: 201 })).status_code, 40001);
    }
  });

  it('refuses callers without a valid token, users who do not exist, oneself, and nonsense', async () => {
    assert.equal((await act(undefined, ben, 1)).status_code, 40101);
    for (const action of [1, 2]) {
      assert.equal((await act(ada, 5, action)).status_code, 40402);
      const own = await act(ada, ada, action);
      assert.deepEqual([own.status_code, own.httpStatus], [40001, 200]);
      assert.match(own.status_msg, /name another user/);
    }
    assert.equal((await act(ada, ben, 3)).status_code, 40001);
    assert.equal((await act(ada, 0, 2)).status_code, 40001);
    assert.equal((await service.post('/douyin/relation/action/', { to_user_id: ben }, ada)).status_code, 40001);
    assert.equal((await act(7, ada, 1)).status_code, 40101, 'the token of a user who does not exist');
    assert.deepEqual(await service.db('follow').where('follower_id', ada), []);
  });

  it('says when there is no such user, keeps the list in the answer, and needs somebody', async () => {
    for (const list of [following, followers]) {
      const missing = await list({ user_id: 1 });
      assert.deepEqual([missing.status_code, missing.user_list], [40402, []]);
      assert.equal((await list()).status_code, 40001);
      assert.deepEqual((await list({ token: 'nonsense', user_id: ada })).user_list, []);
    }
  });

  it('unfollows one user, whatever else is asked for', async () => {
    await follow(ada, ben);
    await follow(ada, cleo);
    assert.equal((await service.post('/douyin/relation/action/', { action_type: 2 }, ada)).status_code, 40001);
    await unfollow(ada, ben);
    assert.deepEqual(idsOf(await following({}, ada)), [cleo]);
  });
});
