import assert from 'node:assert/strict';
import { insertUser } from '../../shared/test/read-models/fixture.ts';
import { startUserService, type UserService } from './fixture.ts';

describe('user API', function () {
  this.timeout(90_000);
  let service: UserService;
  before(async () => {
    service = await startUserService();
  });
  after(() => service.close());

  const ask = (parameters = {}, viewerId?: number) => service.get('/douyin/user', parameters, viewerId);

  it('shows a profile to anybody, every field present', async () => {
    const id = await insertUser(service.db, { name: 'Ada' });
    await service.db('user_counter').insert({ user_id: id, favorite_count: 3, work_count: 1, revision: 4 });
    assert.deepEqual(await ask({ user_id: id }), {
      ...{ httpStatus: 200, status_code: 0, status_msg: 'ok' },
      user: {
        ...{ id, name: 'Ada', signature: '', avatar: '', background_image: '', is_follow: false },
        ...{ follow_count: 0, follower_count: 0, total_favorited: 0, work_count: 1, favorite_count: 3 },
      },
    });
  });

  it('shows the caller without an id, and refuses a caller whom it does not know', async () => {
    const id = await insertUser(service.db);
    assert.equal((await ask({}, id)).user.id, id);
    for (const parameters of [{}, { token: 'nonsense' }]) assert.equal((await ask(parameters)).status_code, 40101);
  });

  it('keeps the fields in the answer about a user who does not exist', async () => {
    const answer = await ask({ user_id: '1e3' });
    assert.equal(answer.status_code, 40402);
    assert.equal(answer.user.id, 0);
  });
});
