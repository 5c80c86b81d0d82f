import assert from 'node:assert/strict';
import { connectRedis, mastersOf, untilReady } from '../../../services/shared/redis/connect.ts';
import { eventually } from '../../eventually.ts';
import type { Caller } from '../client.ts';
import { type ApiUnderTest, shortly } from '../platform.ts';

/** Likes, their lists, and their counts. */
export const likes = (api: ApiUnderTest) =>
  describe('likes', () => {
    const act = (caller: Caller, videoId: number, actionType: 1 | 2) =>
      api.client.succeed('favorite', { video_id: videoId, action_type: actionType }, caller);
    const liked = async (caller: Caller, parameters = {}) =>
      (await api.client.succeed('favoriteList', parameters, caller)).video_list;
    const userOf = async (userId: number, viewer: Caller) =>
      (await api.client.succeed('user', { user_id: userId }, viewer)).user;
    const given = async (caller: Caller) => (await userOf(caller.id, caller)).favorite_count;
    /** A video of the library, as the viewer sees it in its author's list. */
    const see = async (videoId: number, viewer: Caller) => {
      const authorId = await authorOf(videoId);
      const { video_list } = await api.client.succeed('publishList', { user_id: authorId }, viewer);
      const video = video_list.find(({ id }) => id === videoId);
      assert.ok(video);
      return video;
    };
    const authorOf = async (videoId: number): Promise<number> =>
      (await api.db('video').where('id', videoId).first('author_id')).author_id;
    const rowOf = (caller: Caller, videoId: number) =>
      api.db('favorite').where({ user_id: caller.id, video_id: videoId }).first('liked');
    const untilWritten = (caller: Caller, videoId: number, state: 0 | 1) =>
      eventually('the row', async () => (await rowOf(caller, videoId))?.liked === state);
    /** Videos that only these tests like, and that each test leaves as it found them. */
    const some = (count: number) => api.library.videoIds.slice(16, 16 + count);
    const unliked = (videoId: number, viewer: Caller) =>
      shortly(0, async () => (await see(videoId, viewer)).favorite_count);

    it('are seen by the caller at once, in every list and count', async () => {
      const caller = await api.register();
      const [videoId = 0] = some(1);
      await unliked(videoId, caller);
      const before = await see(videoId, caller);
      await act(caller, videoId, 1);
      // Each of these is asked of both replicas.
      for (let read = 0; read < 2; read += 1) {
        const after = await see(videoId, caller);
        assert.deepEqual([after.favorite_count, after.is_favorite], [1, true]);
        assert.equal(after.author.total_favorited, before.author.total_favorited + 1);
        assert.equal(await given(caller), 1);
        assert.equal((await userOf(after.author.id, caller)).total_favorited, before.author.total_favorited + 1);
        assert.deepEqual(
          (await liked(caller)).map(({ id }) => id),
          [videoId],
        );
      }
      await act(caller, videoId, 2);
      const restored = await see(videoId, caller);
      assert.deepEqual([restored.favorite_count, restored.is_favorite], [0, false]);
      assert.deepEqual(await liked(caller), []);
    });

    it('count once however often and however late they are repeated [A, R1]', async () => {
      const caller = await api.register();
      const videoIds = some(40);
      for (const videoId of videoIds) await act(caller, videoId, 1);
      const [first = 0] = videoIds;
      const seen = async () => (await see(first, caller)).favorite_count;
      for (let time = 0; time < 3; time += 1) await act(caller, first, 1);
      assert.equal(await seen(), 1);
      assert.equal(await given(caller), 40);
      await untilWritten(caller, videoIds.at(-1) ?? 0, 1);
      await act(caller, first, 1);
      assert.equal(await seen(), 1);
      for (const videoId of videoIds) await act(caller, videoId, 2);
      await untilWritten(caller, videoIds.at(-1) ?? 0, 0);
      assert.equal(await given(caller), 0);
    });

    it('never make a count negative, however often they are taken back [11]', async () => {
      const caller = await api.register();
      const [videoId = 0] = some(1);
      await unliked(videoId, caller);
      await act(caller, videoId, 2);
      await act(caller, videoId, 1);
      for (let time = 0; time < 3; time += 1) await act(caller, videoId, 2);
      await untilWritten(caller, videoId, 0);
      assert.equal((await see(videoId, caller)).favorite_count, 0);
      assert.equal(await given(caller), 0);
    });

    it('do not flip back before they are written [10]', async () => {
      const caller = await api.register();
      const [videoId = 0] = some(1);
      const until = performance.now() + 1_500;
      for (let wanted = true; performance.now() < until; wanted = !wanted) {
        await act(caller, videoId, wanted ? 1 : 2);
        for (let read = 0; read < 4; read += 1) assert.equal((await see(videoId, caller)).is_favorite, wanted);
      }
      await act(caller, videoId, 2);
    });

    it('are all listed, at the second read too, the last one first [7]', async () => {
      const caller = await api.register();
      const videoIds = some(40);
      for (const videoId of videoIds) await act(caller, videoId, 1);
      for (let read = 0; read < 3; read += 1)
        assert.deepEqual(
          (await liked(caller, { limit: 200 })).map(({ id }) => id),
          videoIds.toReversed(),
        );
      for (const videoId of videoIds) await act(caller, videoId, 2);
      assert.deepEqual(await liked(caller), []);
    });

    it('of many at one moment are all counted', async () => {
      const [videoId = 0] = some(2);
      const callers = await Promise.all(Array.from({ length: 12 }, () => api.register()));
      const viewer = await api.register();
      const count = async () => (await see(videoId, viewer)).favorite_count;
      await shortly(0, count);
      await Promise.all(callers.map((caller) => act(caller, videoId, 1)));
      await shortly(callers.length, count);
      await Promise.all(callers.map((caller) => act(caller, videoId, 2)));
      await shortly(0, count);
    });

    it('keep their counts when the cache is emptied [11]', async () => {
      const callers = await Promise.all(Array.from({ length: 4 }, () => api.register()));
      const [videoId = 0] = some(3);
      const [first] = callers;
      assert.ok(first);
      const count = async () => (await see(videoId, first)).favorite_count;
      await shortly(0, count);
      for (const caller of callers) await act(caller, videoId, 1);
      for (const caller of callers) await untilWritten(caller, videoId, 1);
      await flush();
      await shortly(callers.length, count);
      assert.equal((await see(videoId, first)).is_favorite, true);
      for (const caller of callers) await act(caller, videoId, 2);
      await shortly(0, count);
    });

    it('wait for no batch [19]', async () => {
      const caller = await api.register();
      const took: number[] = [];
      for (const videoId of some(20)) {
        const start = performance.now();
        await act(caller, videoId, 1);
        took.push(performance.now() - start);
      }
      for (const videoId of some(20)) await act(caller, videoId, 2);
      assert.ok(Math.min(...took) < 50, `the fastest of ${took.length} took ${Math.min(...took)} ms`);
    });

    it('of what is not there, or of nothing, are errors that delete nothing [12, R2]', async () => {
      const caller = await api.register();
      const videoIds = some(3);
      for (const videoId of videoIds) await act(caller, videoId, 1);
      const refused: [number, Record<string, string | number>][] = [
        [40401, { video_id: 77, action_type: 1 }],
        [40401, { video_id: 77, action_type: 2 }],
        [40001, { video_id: 0, action_type: 2 }],
        [40001, { action_type: 2 }],
        [40001, { video_id: '', action_type: 2 }],
        [40001, { video_id: videoIds[0] ?? 0, action_type: 3 }],
        [40001, { video_id: videoIds[0] ?? 0 }],
      ];
      for (const [code, parameters] of refused)
        assert.equal(await api.client.refusal('favorite', parameters, caller), code);
      assert.equal((await liked(caller)).length, 3);
      for (const videoId of videoIds) await act(caller, videoId, 2);
    });

    const flush = async () => {
      const redis = connectRedis(api.platform.settings);
      await untilReady(redis);
      await Promise.all(mastersOf(redis).map((server) => server.flushall()));
      redis.disconnect();
    };
  });
