import assert from 'node:assert/strict';
import { insertUser } from '../../shared/test/read-models/fixture.ts';
import { startUserService, type UserService } from './fixture.ts';

describe('user API while Redis is away', function () {
  this.timeout(90_000);
  let service: UserService;
  let ada: number;
  let ben: number;
  before(async () => {
    service = await startUserService();
    [ada, ben] = [await insertUser(service.db), await insertUser(service.db)];
    const followed = await service.post('/douyin/relation/action/', { to_user_id: ben, action_type: 1 }, ada);
    assert.equal(followed.status_code, 0);
    service.waves.close();
  });
  after(() => service.close());

  it('answers every read from the rows', async () => {
    const { user } = await service.get('/douyin/user/', { user_id: ben }, ada);
    assert.deepEqual([user.follower_count, user.is_follow], [1, true]);
    const following = await service.get('/douyin/relation/follow/list/', {}, ada);
    assert.deepEqual(
      following.user_list.map(({ id, is_follow }) => [id, is_follow]),
      [[ben, true]],
    );
    const followers = await service.get('/douyin/relation/follower/list/', {}, ben);
    assert.deepEqual(
      followers.user_list.map(({ id, is_follow }) => [id, is_follow]),
      [[ada, false]],
    );
  });

  it('says that a follow cannot be taken now, and keeps nothing of it', async () => {
    const answer = await service.post('/douyin/relation/action/', { to_user_id: ada, action_type: 1 }, ben);
    assert.deepEqual([answer.httpStatus, answer.status_code], [503, 50300]);
    assert.deepEqual(await service.db('follow').where('follower_id', ben), []);
    assert.equal((await service.get('/douyin/user/', { user_id: ben })).user.follow_count, 0);
  });
});

describe('chats while Redis is away', function () {
  this.timeout(90_000);
  let service: UserService;
  let ada: number;
  let ben: number;
  const send = (content: string) =>
    service.post('/douyin/message/action/', { to_user_id: ben, action_type: 1, content }, ada);
  const contents = async () => {
    const { message_list } = await service.get('/douyin/message/chat/', { to_user_id: ada }, ben);
    return message_list.map(({ content }) => content);
  };
  before(async () => {
    service = await startUserService();
    [ada, ben] = [await insertUser(service.db), await insertUser(service.db)];
    for (const [from, to] of [
      [ada, ben],
      [ben, ada],
    ] as const)
      await service.post('/douyin/relation/action/', { to_user_id: to, action_type: 1 }, from);
    assert.equal((await send('hello')).status_code, 0);
    service.waves.close();
  });
  after(() => service.close());

  it('are read from the rows, and so are friends', async () => {
    assert.deepEqual(await contents(), ['hello']);
    const { user_list } = await service.get('/douyin/relation/friend/list/', {}, ben);
    assert.deepEqual(
      user_list.map(({ id, message, msgType }) => [id, message, msgType]),
      [[ada, 'hello', 0]],
    );
  });

  it('take no message, say so, and keep nothing of it', async () => {
    const answer = await send('lost');
    assert.deepEqual([answer.httpStatus, answer.status_code], [503, 50300]);
    assert.deepEqual(await contents(), ['hello']);
  });
});
