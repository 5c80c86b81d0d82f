import assert from 'node:assert/strict';
import { eventually } from '../../eventually.ts';
import { type ApiUnderTest, newName } from '../platform.ts';

/** What is left of requests when the process that works on them is killed. */
export const recovery = (api: ApiUnderTest) =>
  describe('a process that is killed', function () {
    this.timeout(90_000);

    it('costs no like: those that were accepted are written by the next one [4]', async () => {
      const caller = await api.register();
      const videoIds = api.library.videoIds.slice(16, 26);
      await api.platform.kill('like-writer');
      for (const video_id of videoIds) await api.client.succeed('favorite', { video_id, action_type: 1 }, caller);
      assert.equal((await api.client.succeed('user', {}, caller)).user.favorite_count, 10);
      await api.platform.restart('like-writer');
      await eventually('the rows', async () => {
        const rows = await api.db('favorite').where({ user_id: caller.id, liked: true });
        return rows.length === videoIds.length;
      });
      for (const video_id of videoIds) await api.client.succeed('favorite', { video_id, action_type: 2 }, caller);
    });

    it('costs no upload: it waits until there is somebody to transcode it [4]', async () => {
      const author = await api.register();
      await api.platform.kill('transcoder');
      const parts = [
        ['token', author.token],
        ['title', newName('patience')],
        ['data', await api.clip()],
      ] as const;
      assert.equal((await api.client.publish(parts)).status_code, 0);
      const list = async () => (await api.client.succeed('publishList', {}, author)).video_list;
      assert.equal((await list())[0]?.state, 'processing');
      await api.platform.restart('transcoder');
      await eventually('the video', async () => (await list())[0]?.state === 'ready', 60);
    });

    it('of several costs no answer: the gateway asks the others', async () => {
      const caller = await api.register();
      await api.platform.kill('video', 0);
      for (let index = 0; index < 8; index += 1)
        assert.equal((await api.client.succeed('feed', {}, caller)).video_list.length, 30);
      await api.platform.restart('video', 0);
    });

    it('may be the gateway, which is back with the same address', async () => {
      await api.platform.kill('gateway');
      await api.platform.restart('gateway');
      assert.equal((await api.client.succeed('feed')).video_list.length, 30);
    });
  });
