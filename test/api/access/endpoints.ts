import assert from 'node:assert/strict';
import { type Sending, someFile, type World } from './world.ts';

/** What a caller gets who has no valid token. */
type Stranger = 'an answer' | 'the anonymous answer' | 'a refusal';

/** One endpoint of the platform and what it owes to those who do not ask. */
export interface Endpoint {
  method: 'GET' | 'POST';
  path: string;
  withoutToken: Stranger;
  /** Whose things it reads or changes, and what keeps others from them. */
  others: string;
  /** A request that is right. */
  valid: (world: World) => Sending;
  /** Tries to get at things of the victim as the asker; the assertions are inside. */
  attack?: (world: World) => Promise<void>;
}

const codeOf = async (world: World, endpoint: [string, string], parameters: Sending['parameters'] = {}) =>
  (await world.send(...endpoint, { parameters, token: world.asker.token })).body.status_code;

/** Every endpoint that the gateway leads to. */
export const endpoints: readonly Endpoint[] = [
  {
    ...{ method: 'POST', path: '/douyin/user/register/', withoutToken: 'an answer' },
    others: 'makes a user with an id of the server; a name that is taken is refused and stays as it is',
    valid: () => ({ parameters: { username: `matrix-${Math.random()}`, password: 'a new password' } }),
    attack: async (world) => {
      const { name, password } = world.victim;
      const credentials = { username: name, password: 'mine now' };
      assert.equal(await codeOf(world, ['POST', '/douyin/user/register/'], credentials), 40901);
      assert.equal(await codeOf(world, ['POST', '/douyin/user/login/'], credentials), 40102);
      assert.equal(await codeOf(world, ['POST', '/douyin/user/login/'], { username: name, password }), 0);
    },
  },
  {
    ...{ method: 'POST', path: '/douyin/user/login/', withoutToken: 'an answer' },
    others: 'needs the password of the name; a wrong password and an unknown name are one answer, in one time',
    valid: ({ asker }) => ({ parameters: { username: asker.name, password: asker.password } }),
    attack: async (world) => {
      const { asker, victim } = world;
      const credentials = { username: victim.name, password: asker.password };
      assert.equal(await codeOf(world, ['POST', '/douyin/user/login/'], credentials), 40102);
    },
  },
  {
    ...{ method: 'GET', path: '/douyin/user/', withoutToken: 'the anonymous answer' },
    others: 'shows the public profile of anybody; without user_id, which needs a token, the caller',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
    attack: async (world) => {
      const { body } = await world.send('GET', '/douyin/user/', { parameters: { user_id: world.victim.id } });
      const known =
        'id name follow_count follower_count is_follow avatar background_image signature total_favorited work_count favorite_count';
      assert.deepEqual(Object.keys(body.user as object).sort(), known.split(' ').sort());
    },
  },
  {
    ...{ method: 'GET', path: '/douyin/feed/', withoutToken: 'the anonymous answer' },
    others: 'shows what is ready; the flags are those of the token',
    valid: () => ({}),
  },
  {
    ...{ method: 'POST', path: '/douyin/publish/action/', withoutToken: 'a refusal' },
    others: 'publishes as the user of the token, whatever the form says',
    valid: () => ({ file: someFile(), parameters: { title: 'of the asker' } }),
  },
  {
    ...{ method: 'GET', path: '/douyin/publish/list/', withoutToken: 'the anonymous answer' },
    others: 'shows what is ready; what is not, with the link to its original, only to its author',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
    attack: async (world) => {
      const idsFor = async (token: string | undefined) => {
        const parameters = { user_id: world.victim.id };
        const { body } = await world.send('GET', '/douyin/publish/list/', { parameters, token });
        return (body.video_list as { id: number }[]).map(({ id }) => id);
      };
      assert.deepEqual(await idsFor(world.victim.token), [world.draftId]);
      for (const token of [undefined, world.asker.token]) assert.deepEqual(await idsFor(token), []);
    },
  },
  {
    ...{ method: 'POST', path: '/douyin/favorite/action/', withoutToken: 'a refusal' },
    others: 'likes as the user of the token, and only what everybody can see',
    valid: ({ videoId }) => ({ parameters: { video_id: videoId, action_type: 1 } }),
    attack: async (world) => {
      const like = { video_id: world.draftId, action_type: 1 };
      assert.equal(await codeOf(world, ['POST', '/douyin/favorite/action/'], like), 40401);
    },
  },
  {
    ...{ method: 'GET', path: '/douyin/favorite/list/', withoutToken: 'the anonymous answer' },
    others: 'shows what anybody likes; the flags are those of the token',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
  },
  {
    ...{ method: 'POST', path: '/douyin/comment/action/', withoutToken: 'a refusal' },
    others: 'writes as the user of the token; only the author of the comment or of its video deletes it',
    valid: ({ videoId }) => ({ parameters: { video_id: videoId, action_type: 1, comment_text: 'of the asker' } }),
    attack: async (world) => {
      const path: [string, string] = ['POST', '/douyin/comment/action/'];
      const removal = { action_type: 2, comment_id: world.commentId };
      assert.equal(await codeOf(world, path, { ...removal, video_id: world.videoId }), 40403);
      // A video of one's own is no key to comments on others.
      assert.equal(await codeOf(world, path, { ...removal, video_id: world.ownVideoId }), 40403);
      assert.ok(await world.db('comment').where({ id: world.commentId }).first('id'));
    },
  },
  {
    ...{ method: 'GET', path: '/douyin/comment/list/', withoutToken: 'the anonymous answer' },
    others: 'shows the comments on what everybody can see',
    valid: ({ videoId }) => ({ parameters: { video_id: videoId } }),
    attack: async (world) => {
      assert.equal(await codeOf(world, ['GET', '/douyin/comment/list/'], { video_id: world.draftId }), 40401);
    },
  },
  {
    ...{ method: 'POST', path: '/douyin/relation/action/', withoutToken: 'a refusal' },
    others: 'follows as the user of the token',
    valid: ({ other }) => ({ parameters: { to_user_id: other.id, action_type: 1 } }),
  },
  {
    ...{ method: 'GET', path: '/douyin/relation/follow/list/', withoutToken: 'the anonymous answer' },
    others: 'shows whom anybody follows; the flags are those of the token',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
  },
  {
    ...{ method: 'GET', path: '/douyin/relation/follower/list/', withoutToken: 'the anonymous answer' },
    others: 'shows who follows anybody; the flags are those of the token',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
  },
  {
    ...{ method: 'GET', path: '/douyin/relation/friend/list/', withoutToken: 'a refusal' },
    others: 'shows the friends of anybody to who is logged in, with messages of the caller only',
    valid: ({ other }) => ({ parameters: { user_id: other.id } }),
    attack: async (world) => {
      const parameters = { user_id: world.victim.id };
      const { body } = await world.send('GET', '/douyin/relation/friend/list/', {
        parameters,
        token: world.asker.token,
      });
      assert.doesNotMatch(JSON.stringify(body), /between us/);
    },
  },
  {
    ...{ method: 'GET', path: '/douyin/message/chat/', withoutToken: 'a refusal' },
    others: 'shows messages between the user of the token and the named one',
    valid: ({ other }) => ({ parameters: { to_user_id: other.id } }),
    attack: async (world) => {
      for (const to_user_id of [world.other.id, world.victim.id]) {
        const parameters = { to_user_id, from_user_id: world.victim.id, user_id: world.victim.id };
        const { body } = await world.send('GET', '/douyin/message/chat/', { parameters, token: world.asker.token });
        assert.equal(body.status_code, 0);
        assert.doesNotMatch(JSON.stringify(body), /between us/);
      }
    },
  },
  {
    ...{ method: 'POST', path: '/douyin/message/action/', withoutToken: 'a refusal' },
    others: 'sends as the user of the token',
    valid: ({ other }) => ({ parameters: { to_user_id: other.id, action_type: 1, content: 'of the asker' } }),
  },
  {
    ...{ method: 'GET', path: '/v1/uploads/{id}', withoutToken: 'a refusal' },
    others: 'tells how an upload of the user of the token stands; one of others is not there',
    valid: ({ ownVideoId }) => ({ id: ownVideoId }),
    attack: async (world) => {
      const sending = { id: world.draftId, token: world.asker.token, carrier: 'header' } as const;
      const { http, body } = await world.send('GET', '/v1/uploads/{id}', sending);
      assert.deepEqual([http, body.code], [404, 'upload_not_found']);
    },
  },
  {
    ...{ method: 'POST', path: '/v1/logout', withoutToken: 'a refusal' },
    others: 'ends the session of the token, and no other',
    valid: () => ({}),
  },
  {
    ...{ method: 'POST', path: '/v1/logout-everywhere', withoutToken: 'a refusal' },
    others: 'ends the sessions of the user of the token, and of nobody else',
    valid: () => ({}),
  },
];
