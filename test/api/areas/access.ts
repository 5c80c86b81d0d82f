import assert from 'node:assert/strict';
import { createTokens } from '../../../services/shared/tokens.ts';
import type { Caller, Parameters } from '../client.ts';
import type { ApiUnderTest } from '../platform.ts';
import type { RouteName } from '../wire.ts';

/** Who may ask what. */
export const access = (api: ApiUnderTest) =>
  describe('a caller', () => {
    let somebody: Caller;
    let videoId: number;
    before(async () => {
      somebody = await api.register();
      videoId = api.library.videoIds.at(-7) ?? 0;
      const friend = await api.register();
      await api.client.succeed('favorite', { video_id: videoId, action_type: 1 }, somebody);
      await api.client.succeed('relation', { to_user_id: friend.id, action_type: 1 }, somebody);
      await api.client.succeed('relation', { to_user_id: somebody.id, action_type: 1 }, friend);
      const comment = { video_id: videoId, action_type: 1, comment_text: 'hello' };
      await api.client.succeed('comment', comment, somebody);
    });
    after(() => api.client.succeed('favorite', { video_id: videoId, action_type: 2 }, somebody));

    const readable = (): [RouteName, Parameters][] => [
      ['feed', {}],
      ['user', { user_id: somebody.id }],
      ['publishList', { user_id: api.library.userIds[0] ?? 0 }],
      ['favoriteList', { user_id: somebody.id }],
      ['commentList', { video_id: videoId }],
      ['followList', { user_id: somebody.id }],
      ['followerList', { user_id: somebody.id }],
    ];
    const closed = (): [RouteName, Parameters][] => [
      ['favorite', { video_id: videoId, action_type: 2 }],
      ['comment', { video_id: videoId, action_type: 1, comment_text: 'x' }],
      ['comment', { video_id: videoId, action_type: 2, comment_id: 1 }],
      ['relation', { to_user_id: somebody.id, action_type: 1 }],
      ['message', { to_user_id: somebody.id, action_type: 1, content: 'x' }],
      ['chat', { to_user_id: somebody.id }],
      ['friendList', { user_id: somebody.id }],
    ];
    /** Tokens that name nobody. */
    const badTokens = (): Record<string, string> => {
      const foreign = (keys: { kid: string; secret: string }, lifetimeSeconds?: number) =>
        createTokens({ keys: JSON.stringify([keys]), ...(lifetimeSeconds && { lifetimeSeconds }) }).issue(somebody.id);
      const [head, body] = somebody.token.split('.');
      const none = Buffer.from('{"alg":"none","kid":"test","typ":"JWT"}').toString('base64url');
      return {
        empty: '',
        'not a token': 'rubbish',
        'signed by somebody else': foreign({ kid: 'test', secret: 'x'.repeat(32) }),
        'of an unknown key': foreign({ kid: 'other', secret: 'x'.repeat(32) }),
        'without its signature': `${head}.${body}.`,
        'that wants no signature': `${none}.${body}.`,
        'of a megabyte': 'x'.repeat(5_000),
      };
    };

    it('without a valid token reads what is public, and likes and follows nobody [12, 13]', async () => {
      // Counts may be a moment old, in each process by itself.
      const seen = async (route: RouteName, parameters: Parameters, caller?: { token: string }) => {
        const answer = JSON.stringify(await api.client.succeed(route, parameters, caller));
        return answer.replaceAll(/"(\w+_count|total_favorited)":\d+/g, '');
      };
      for (const [route, parameters] of readable()) {
        const anonymous = await seen(route, parameters);
        assert.doesNotMatch(anonymous, /"is_(follow|favorite)":true/, route);
        for (const [what, token] of Object.entries(badTokens()))
          assert.equal(await seen(route, parameters, { token }), anonymous, `${route}, ${what}`);
      }
    });

    it('without a valid token changes nothing, and reads nothing private', async () => {
      for (const [route, parameters] of closed()) {
        assert.equal(await api.client.refusal(route, parameters), 40101, route);
        for (const [what, token] of Object.entries(badTokens()))
          assert.equal(await api.client.refusal(route, parameters, { token }), 40101, `${route}, ${what}`);
      }
      assert.equal((await api.client.succeed('favoriteList', {}, somebody)).video_list.length, 1);
    });

    it('cannot act as another user by naming them', async () => {
      const eve = await api.register();
      const named = {
        user_id: somebody.id,
        from_user_id: somebody.id,
        follower_id: somebody.id,
        author_id: somebody.id,
      };
      await api.client.succeed('favorite', { ...named, video_id: videoId, action_type: 2 }, eve);
      assert.equal((await api.client.succeed('favoriteList', {}, somebody)).video_list.length, 1);
      const written = { ...named, video_id: videoId, action_type: 1, comment_text: 'by eve', id: 1, created_at: 1 };
      const { comment } = await api.client.succeed('comment', written, eve);
      assert.equal(comment?.user.id, eve.id);
      await api.client.succeed('comment', { video_id: videoId, action_type: 2, comment_id: comment?.id ?? 0 }, eve);
      const [, other = 0] = api.library.userIds;
      await api.client.succeed('relation', { ...named, to_user_id: other, action_type: 1 }, eve);
      assert.deepEqual(
        (await api.client.succeed('followList', {}, eve)).user_list.map(({ id }) => id),
        [other],
      );
    });
  });
