import assert from 'node:assert/strict';
import type { Caller } from '../client.ts';
import { type ApiUnderTest, shortly } from '../platform.ts';
import type { Comment } from '../wire.ts';

/** Comments, their list, and their count. */
export const comments = (api: ApiUnderTest) =>
  describe('comments', () => {
    const videoId = () => api.library.videoIds.at(-3) ?? 0;
    const add = async (caller: Caller, text: string, to = videoId()): Promise<Comment> => {
      const parameters = { video_id: to, action_type: 1, comment_text: text };
      const { comment } = await api.client.succeed('comment', parameters, caller);
      assert.ok(comment, 'an added comment is answered');
      return comment;
    };
    const remove = (caller: Caller, comment: Comment, from = videoId()) =>
      api.client.call('comment', { video_id: from, action_type: 2, comment_id: comment.id }, caller);
    const list = async (viewer?: Caller, limit = 200) =>
      (await api.client.succeed('commentList', { video_id: videoId(), limit }, viewer)).comment_list;
    const ids = (of: readonly Comment[]) => of.map(({ id }) => id);
    const countFor = async (viewer: Caller) => {
      const { author_id } = await api.db('video').where('id', videoId()).first('author_id');
      const { video_list } = await api.client.succeed('publishList', { user_id: author_id }, viewer);
      return video_list.find(({ id }) => id === videoId())?.comment_count ?? -1;
    };

    it('are answered whole, listed newest first and counted at once', async () => {
      const caller = await api.register();
      await shortly(0, () => countFor(caller));
      const first = await add(caller, 'first');
      const second = await add(caller, 'second');
      assert.deepEqual([first.content, first.user.id, first.user.name], ['first', caller.id, caller.name]);
      const day = new Date(first.created_at).toISOString().slice(5, 10);
      assert.equal(first.create_date, day, 'by the calendar of UTC');
      // Asked of both replicas.
      for (let read = 0; read < 2; read += 1) {
        assert.deepEqual(ids(await list(caller)).slice(0, 2), [second.id, first.id]);
        assert.equal(await countFor(caller), 2);
      }
      for (const comment of [first, second]) assert.equal((await remove(caller, comment)).status_code, 0);
      assert.equal(await countFor(caller), 0);
    });

    it('are all there at the second read, in the same order [7, 9, 14]', async () => {
      const caller = await api.register();
      const added: Comment[] = [];
      for (let index = 0; index < 40; index += 1) added.unshift(await add(caller, `comment ${index}`));
      for (let read = 0; read < 4; read += 1) assert.deepEqual(ids(await list(caller)), ids(added));
      for (const comment of added) await remove(caller, comment);
      assert.deepEqual(await list(caller), []);
    });

    it('come back as they were written', async () => {
      const caller = await api.register();
      for (const text of [
        '好看 👍🏽',
        '<b>"quotes" & \\ back\'slash</b>',
        "'; DROP TABLE comment; --",
        '长'.repeat(200),
      ]) {
        const comment = await add(caller, text);
        assert.equal(comment.content, text);
        assert.equal((await list(caller))[0]?.content, text);
        await remove(caller, comment);
      }
    });

    it('are deleted by their author or the author of the video, and by nobody else [16]', async () => {
      const [author, stranger] = [await api.register(), await api.register()];
      const { author_id } = await api.db('video').where('id', videoId()).first('author_id');
      const owner: Caller = { id: author_id, name: 'owner', token: api.platform.tokens.issue(author_id) };
      const [mine, other] = [await add(author, 'mine'), await add(author, 'under your video')];

      const refused = await remove(stranger, mine);
      const absent = await remove(stranger, { ...mine, id: 99 });
      assert.notEqual(refused.status_code, 0);
      assert.deepEqual([absent.status_code, absent.status_msg], [refused.status_code, refused.status_msg]);
      assert.deepEqual(ids(await list(author)), [other.id, mine.id]);

      assert.equal((await remove(author, mine)).status_code, 0);
      assert.equal((await remove(owner, other)).status_code, 0);
      assert.deepEqual(await list(owner), []);
    });

    it('are deleted once: a second time there is nothing, and the count stays right [11]', async () => {
      const author = await api.register();
      await shortly(0, () => countFor(author));
      const comment = await add(author, 'once');
      assert.equal((await remove(author, comment)).status_code, 0);
      assert.notEqual((await remove(author, comment)).status_code, 0);
      assert.equal(await countFor(author), 0);
    });

    it('of another video are not deleted through this one [16]', async () => {
      const author = await api.register();
      const comment = await add(author, 'here');
      assert.notEqual((await remove(author, comment, api.library.videoIds[5])).status_code, 0);
      assert.equal((await list(author))[0]?.id, comment.id);
      assert.equal((await remove(author, comment)).status_code, 0);
    });

    it('show whom the caller follows', async () => {
      const [author, viewer] = [await api.register(), await api.register()];
      const comment = await add(author, 'follow me');
      await api.client.succeed('relation', { to_user_id: author.id, action_type: 1 }, viewer);
      assert.equal((await list(viewer))[0]?.user.is_follow, true);
      assert.equal((await list(await api.register()))[0]?.user.is_follow, false);
      assert.equal((await list(author))[0]?.user.is_follow, false);
      await remove(author, comment);
    });

    it('are refused on what is not there, without a text, with a long one, and without a caller [R2]', async () => {
      const caller = await api.register();
      const refusal = (parameters: Record<string, string | number>, by?: Caller) =>
        api.client.refusal('comment', parameters, by);
      await shortly(0, () => countFor(caller));
      const added = { video_id: videoId(), action_type: 1 };
      assert.equal(await refusal({ ...added, comment_text: 'nice', video_id: 77 }, caller), 40401);
      for (const text of ['', '长'.repeat(501), 'a\u0000b'])
        assert.equal(await refusal({ ...added, comment_text: text }, caller), 40001, JSON.stringify(text.slice(0, 5)));
      assert.equal(await refusal({ ...added, action_type: 3, comment_text: 'nice' }, caller), 40001);
      for (const comment_id of ['', '0', 'x'])
        assert.equal(await refusal({ ...added, action_type: 2, comment_id }, caller), 40001);
      assert.equal(await refusal({ ...added, comment_text: 'nice' }), 40101);
      assert.equal(await api.client.refusal('commentList', { video_id: 77 }), 40401);
      assert.equal(await countFor(caller), 0);
    });
  });
