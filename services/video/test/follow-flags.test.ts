import assert from 'node:assert/strict';
import { insertLike, insertUser, insertVideo } from '../../shared/test/read-models/fixture.ts';
import { startVideoService, type VideoService } from './fixture.ts';

describe('is_follow of authors in lists of videos', function () {
  this.timeout(90_000);
  let service: VideoService;
  let ada: number;
  let ben: number;
  let fan: number;
  before(async () => {
    service = await startVideoService();
    [ada, ben, fan] = [
      await insertUser(service.db, { name: 'Ada' }),
      await insertUser(service.db, { name: 'Ben' }),
      await insertUser(service.db, { name: 'Fan' }),
    ];
    for (const authorId of [ada, ben]) {
      const videoId = await insertVideo(service.db, { authorId });
      await insertLike(service.db, { userId: ada, videoId, version: videoId });
    }
    await service.db('follow').insert({
      ...{ follower_id: fan, following_id: ada, created_at: 1 },
      ...{ follower_revision: 1, following_revision: 1, friend_revision: null },
    });
  });
  after(() => service.close());

  const lists = ['/douyin/feed/', '/douyin/publish/list/', '/douyin/favorite/list/'];
  const flagsIn = async (list: string, viewerId?: number) => {
    const { video_list } = await service.get(list, { user_id: ada }, viewerId);
    assert.ok(video_list.length > 0);
    return new Map(video_list.map(({ author }) => [author.name, author.is_follow]));
  };

  for (const list of lists) {
    it(`is the caller's own in ${list}`, async () => {
      const seenByFan = await flagsIn(list, fan);
      assert.equal(seenByFan.get('Ada'), true);
      if (seenByFan.has('Ben')) assert.equal(seenByFan.get('Ben'), false);
      for (const viewerId of [ada, ben, undefined])
        assert.deepEqual(new Set((await flagsIn(list, viewerId)).values()), new Set([false]));
    });
  }
});
