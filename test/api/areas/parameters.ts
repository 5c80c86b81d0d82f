import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Caller, encode, type Parameters } from '../client.ts';
import { type ApiUnderTest, newName } from '../platform.ts';
import { routeNames, routes } from '../wire.ts';

/** How real clients send what they send. */
export const parameters = (api: ApiUnderTest) =>
  describe('parameters', () => {
    let caller: Caller;
    let videoId: number;
    before(async () => {
      caller = await api.register();
      videoId = api.library.videoIds.at(-5) ?? 0;
    });

    const isLiked = async () => {
      const { video_list } = await api.client.succeed('favoriteList', {}, caller);
      return video_list.some(({ id }) => id === videoId);
    };
    const multipart = (fields: Parameters) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
      return form;
    };
    /** Sends an action in a form; the answer and what came of it must be the same in each. */
    const act = async (query: Parameters | string, body?: URLSearchParams | FormData, headers: HeadersInit = {}) => {
      const search = typeof query === 'string' ? query : encode(query);
      const init = { method: 'POST', headers, ...(body && { body }) };
      const answer = await api.client.ask('favorite', `/douyin/favorite/action/?${search}`, init);
      assert.equal(answer.status_code, 0, answer.status_msg);
    };

    it('come in the query, an urlencoded body, multipart fields, or several of them', async () => {
      const { token } = caller;
      const like = { video_id: videoId, action_type: 1 };
      const unlike = { video_id: videoId, action_type: 2 };
      const ways: (() => Promise<void>)[] = [
        () => act({ token, ...like }),
        () => act({ token, ...unlike }),
        () => act({}, encode({ token, ...like })),
        () => act({}, encode({ token, ...unlike })),
        () => act({}, multipart({ token, ...like })),
        () => act({}, multipart({ token, ...unlike })),
        () => act({ token }, encode(like)),
        () => act({ action_type: 2, token }, multipart({ video_id: videoId })),
        () => act(like, undefined, { authorization: `Bearer ${token}` }),
        () => act(unlike, encode({ video_id: '', token: '' }), { authorization: `Bearer ${token}` }),
      ];
      for (const [index, way] of ways.entries()) {
        await way();
        assert.equal(await isLiked(), index % 2 === 0, `way ${index}`);
      }
    });

    it('come in the body of a GET', async () => {
      const { hostname, port } = new URL(api.client.baseUrl);
      const body = encode({ token: caller.token, user_id: caller.id }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
      const answer = await new Promise<string>((resolve, reject) => {
        request({ hostname, port, path: '/douyin/user/', method: 'GET', headers }, (response) => {
          text(response).then(resolve, reject);
        })
          .once('error', reject)
          .end(body);
      });
      assert.equal(JSON.parse(answer).user.id, caller.id);
    });

    it('of one name count once, the first that is not empty', async () => {
      const { token } = caller;
      await act(
        `video_id=&video_id=${videoId}&video_id=7&action_type=&action_type=1&action_type=2&token=&token=${token}`,
      );
      assert.equal(await isLiked(), true);
      await act({ action_type: 2, token }, encode({ action_type: 1, video_id: videoId }));
      assert.equal(await isLiked(), false);
    });

    it('may write numbers with an exponent, as long as they are exact', async () => {
      const { client } = api;
      const exponent = (id: number) => id.toExponential().replace(/e\+(\d)$/, 'e+0$1');
      assert.match(exponent(caller.id), /^\d\.\d+e\+\d\d$/);
      assert.equal((await client.succeed('user', { user_id: exponent(caller.id) })).user.id, caller.id);
      await act({ token: caller.token, video_id: exponent(videoId), action_type: '1e+00' });
      await act({ token: caller.token, video_id: exponent(videoId), action_type: '2.000000E+00' });
      for (const bad of ['9007199254740993', '1e400', '1.5', '-1', '0x10', 'NaN', 'null', '1e'])
        assert.equal(await client.refusal('user', { user_id: bad }), 40001, bad);
    });

    it('that nobody knows are ignored', async () => {
      const { user } = await api.client.succeed('user', { user_id: caller.id, colour: 'blue', 'a[b]': '1' });
      assert.equal(user.id, caller.id);
    });

    it('reach each of the 16 routes with and without the last slash', async () => {
      assert.equal(routeNames.length, 16);
      for (const name of routeNames) {
        const { path, method } = routes[name];
        const [withSlash, without] = [
          await api.client.ask(name, path, { method }),
          await api.client.ask(name, path.slice(0, -1), { method }),
        ];
        assert.equal(without.status_code, withSlash.status_code, path);
        assert.notEqual(without.status_code, 40400, path);
      }
    });

    it('stay text when they look like something else', async () => {
      const name = newName('null').slice(0, 32);
      const { user_id } = await api.client.succeed('register', { username: name, password: '1e3' });
      assert.equal((await api.client.succeed('login', { username: name, password: '1e3' })).user_id, user_id);
      assert.equal(await api.client.refusal('login', { username: name, password: '1000' }), 40102);
    });
  });
