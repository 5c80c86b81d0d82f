import assert from 'node:assert/strict';
import { buildPlatform } from '../../../operator/testing/build-platform.ts';
import type { Caller, Parameters } from '../client.ts';
import { type ApiUnderTest, listDefault } from '../platform.ts';

const listRoutes = {
  publishList: 'video_list',
  favoriteList: 'video_list',
  commentList: 'comment_list',
  followList: 'user_list',
  followerList: 'user_list',
  friendList: 'user_list',
} as const;

type ListRoute = keyof typeof listRoutes;

const entries = 15;

/** What all lists have in common. */
export const lists = (api: ApiUnderTest) =>
  describe('a list', () => {
    let owner: Caller;
    let nobody: Caller;
    let videoId: number;
    before(async () => {
      [owner, nobody] = [await api.register(), await api.register()];
      videoId = api.library.videoIds.at(-9) ?? 0;
      await fill();
    });

    /** Everything that a list can show of the owner, in equal number. */
    const fill = async () => {
      const { client, platform, db } = api;
      for (let index = 0; index < entries; index += 1) {
        const other = api.library.userIds[index] ?? 0;
        const follower = { token: platform.tokens.issue(other) };
        await client.succeed('relation', { to_user_id: other, action_type: 1 }, owner);
        await client.succeed('relation', { to_user_id: owner.id, action_type: 1 }, follower);
        await client.succeed('favorite', { video_id: api.library.videoIds[index] ?? 0, action_type: 1 }, owner);
        await client.succeed('comment', { video_id: videoId, action_type: 1, comment_text: `${index}` }, owner);
      }
      const base = Date.now();
      await db('video').insert(
        Array.from({ length: entries }, (_, index) => ({
          ...{ id: base * 100 + index, author_id: owner.id, title: `work ${index}`, state: 'ready' },
          ...{
            original_path: 'o',
            play_path: 'p',
            cover_path: 'c',
            created_at: base,
            published_at: base - 1e11 + index,
          },
        })),
      );
      await db('user_counter').where('user_id', owner.id).update({ work_count: entries });
    };

    const ask = (route: ListRoute, parameters: Parameters = {}, of = owner) => {
      const whose = route === 'commentList' ? { video_id: videoId } : { user_id: of.id };
      return api.client.call(route, { ...whose, ...parameters }, of);
    };
    const page = async (route: ListRoute, parameters: Parameters = {}) => {
      const answer = await ask(route, parameters);
      assert.equal(answer.status_code, 0, answer.status_msg);
      const found: unknown = Reflect.get(answer, listRoutes[route]);
      assert.ok(Array.isArray(found));
      return { ids: found.map(({ id }: { id: number }) => id), next: answer.next_cursor };
    };

    for (const route of Object.keys(listRoutes) as ListRoute[]) {
      it(`of ${route} is paged by limit and cursor, without a gap or an entry twice [F]`, async () => {
        const { ids: all, next } = await page(route, { limit: 200 });
        assert.ok(all.length >= entries);
        assert.equal(next, undefined);
        for (const limit of [undefined, 4, 1]) {
          const seen: number[] = [];
          for (let cursor: number | undefined, first = true; first || cursor !== undefined; first = false) {
            const found = await page(route, { ...(limit && { limit }), ...(cursor && { cursor }) });
            assert.ok(found.ids.length <= (limit ?? listDefault));
            seen.push(...found.ids);
            cursor = found.next;
          }
          assert.deepEqual(seen, all, `limit ${limit}`);
        }
      });

      it(`of ${route} refuses limits and cursors that cannot be`, async () => {
        for (const wrong of [
          { limit: 0 },
          { limit: 201 },
          { limit: -1 },
          { limit: 'all' },
          { cursor: 'x' },
          { cursor: -1 },
        ])
          assert.equal((await ask(route, wrong)).status_code, 40001, JSON.stringify(wrong));
      });
    }

    it('without entries is an empty array, again and again [G]', async () => {
      for (const route of Object.keys(listRoutes) as ListRoute[]) {
        if (route === 'commentList') continue;
        for (let read = 0; read < 2; read += 1) {
          const answer = await ask(route, {}, nobody);
          assert.deepEqual([answer.status_code, Reflect.get(answer, listRoutes[route])], [0, []], route);
        }
      }
      const uncommented = { video_id: api.library.videoIds[20] ?? 0 };
      assert.deepEqual((await api.client.succeed('commentList', uncommented)).comment_list, []);
    });

    it('shows the newest 200 unless the platform is told otherwise', () => {
      assert.equal(buildPlatform().spec.lists.default, 200);
    });
  });
