import assert from 'node:assert/strict';
import type { Answer } from '../client.ts';
import type { ApiUnderTest } from '../platform.ts';
import type { Video } from '../wire.ts';

/** The newest videos, page by page. */
export const feed = (api: ApiUnderTest) =>
  describe('feed', () => {
    const page = (latestTime?: string | number, caller?: { token: string }): Promise<Answer<'feed'>> =>
      api.client.succeed('feed', latestTime === undefined ? {} : { latest_time: latestTime }, caller);

    const walk = async (): Promise<{ videos: Video[]; pages: number }> => {
      const videos: Video[] = [];
      let pages = 0;
      let next = 0;
      do {
        const { video_list, next_time } = await page(next);
        videos.push(...video_list);
        next = next_time;
        pages += 1;
      } while (next !== 0);
      return { videos, pages };
    };

    it('is never empty: thirty videos, newest first, for a caller without a token', async () => {
      const { video_list, next_time } = await page();
      assert.equal(video_list.length, 30);
      // By the time at which they became ready: uploads of one moment may overtake each other on the way.
      const known = video_list.map(({ id }) => id).filter((id) => api.library.videoIds.includes(id));
      assert.deepEqual(known, api.library.videoIds.slice(0, known.length));
      assert.ok(video_list.every(({ id }, index) => known.includes(id) === index >= 30 - known.length));
      assert.ok(next_time > 1e11, 'milliseconds');
    });

    it('is walked to its end without a repeated or a missing video, and begins again [13]', async () => {
      const { videos, pages } = await walk();
      const ids = videos.map(({ id }) => id);
      assert.ok(pages >= 3);
      assert.equal(new Set(ids).size, ids.length, 'none twice');
      assert.deepEqual(
        ids.filter((id) => api.library.videoIds.includes(id)),
        api.library.videoIds,
      );
      assert.equal((await page(0)).video_list[0]?.id, ids[0], 'next_time 0 asks for the newest page');
    });

    it('shows what was there at a second look and below the cached part [7]', async () => {
      const [first, second] = [await walk(), await walk()];
      assert.deepEqual(
        second.videos.map(({ id }) => id),
        first.videos.map(({ id }) => id),
      );
    });

    it('takes a time in seconds or milliseconds, and none as now [R3]', async () => {
      const newest = (await page()).video_list[0]?.id;
      const soon = Date.now() + 3600_000;
      for (const now of ['', '0', soon, Math.floor(soon / 1000), soon.toExponential()])
        assert.equal((await page(now)).video_list[0]?.id, newest, `latest_time=${now}`);
      const { next_time } = await page();
      const older = (await page(next_time)).video_list.map(({ id }) => id);
      const inSeconds = (await page(Math.ceil(next_time / 1000))).video_list.map(({ id }) => id);
      assert.ok(inSeconds.includes(older[0] ?? 0));
      const longAgo = await page(1_000);
      assert.deepEqual([longAgo.video_list, longAgo.next_time], [[], 0]);
      assert.equal(await api.client.refusal('feed', { latest_time: 'yesterday' }), 40001);
    });

    it('stays open to everybody when a token is bad [13]', async () => {
      const ids = async (caller?: { token: string }) => (await page(0, caller)).video_list.map(({ id }) => id);
      const anonymous = await ids();
      for (const token of ['', 'rubbish', 'a.b.c']) assert.deepEqual(await ids({ token }), anonymous);
    });

    it('says what the caller likes and follows, not what the author does, and nothing to strangers [10, 12]', async () => {
      const caller = await api.register();
      const [liked, other] = (await page()).video_list;
      assert.ok(liked && other);
      await api.client.succeed('favorite', { video_id: liked.id, action_type: 1 }, caller);
      const mine = await page(0, caller);
      const flags = ({ video_list }: Answer<'feed'>) =>
        new Map(video_list.map((video) => [video.id, video.is_favorite]));
      assert.equal(flags(mine).get(liked.id), true);
      assert.equal(flags(mine).get(other.id), false);
      for (const author of [undefined, { token: api.platform.tokens.issue(liked.author.id) }])
        assert.equal(flags(await page(0, author)).get(liked.id), false);
      assert.ok((await page()).video_list.every((video) => !video.is_favorite && !video.author.is_follow));
      await api.client.succeed('favorite', { video_id: liked.id, action_type: 2 }, caller);
    });
  });
