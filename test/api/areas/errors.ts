import assert from 'node:assert/strict';
import type { ApiUnderTest } from '../platform.ts';
import { type RouteName, routeNames, routes } from '../wire.ts';

/** What no client may be shown. */
const internals =
  /ECONN|ER_[A-Z]|SQL|[Ss]elect |[Ii]nsert |[Kk]nex|[Rr]edis|[Kk]afka|\bat \w+ \(|\.ts\b|node_modules|undefined|\[object/;

/** What a client is told when something is wrong. The client of the suite checks envelope, code and empty payload of each. */
export const errors = (api: ApiUnderTest) =>
  describe('an error', () => {
    const raw = async (path: string, init?: RequestInit) => {
      const response = await fetch(api.client.baseUrl + path, init);
      return { http: response.status, headers: response.headers, body: await response.json() };
    };

    it('of any route is an envelope with status 200, a code of the table and the fields of the payload', async () => {
      const garbage = { user_id: 'x', video_id: 'x', to_user_id: 'x', action_type: 'x', latest_time: 'x' };
      const caller = await api.register();
      for (const name of routeNames.filter((route) => route !== 'publish')) {
        const answer = await api.client.call(name, garbage, caller);
        assert.deepEqual([answer.http, answer.status_code], [200, 40001], name);
      }
    });

    it('names what is wrong and what would be right', async () => {
      const caller = await api.register();
      const { status_msg } = await api.client.call('favorite', { action_type: 3 }, caller);
      assert.match(status_msg, /video_id is missing/);
      assert.match(status_msg, /action_type must be 1 or 2/);
    });

    it('of an unknown path or method is one of the API, not of a web server', async () => {
      assert.deepEqual(
        await raw('/douyin/nothing/here/').then(({ http, body }) => [http, body.status_code]),
        [200, 40400],
      );
      const wrongMethod = await raw('/douyin/feed/', { method: 'POST' });
      assert.deepEqual([wrongMethod.http, wrongMethod.body.status_code], [200, 40500]);
    });

    it('keeps what went wrong inside to itself, and says under which id it can be asked about [E]', async () => {
      const broken: [string, RouteName, Record<string, string | number>][] = [
        ['comment', 'commentList', { video_id: api.library.videoIds[30] ?? 0 }],
        ['follow', 'followList', { user_id: api.library.userIds[50] ?? 0 }],
        ['credential', 'login', { username: 'anybody', password: 'anything' }],
      ];
      for (const [table, route, parameters] of broken) {
        await api.db.raw('RENAME TABLE ?? TO ??', [table, `${table}_away`]);
        const answer = await api.client
          .call(route, parameters)
          .finally(() => api.db.raw('RENAME TABLE ?? TO ??', [`${table}_away`, table]));
        assert.equal(answer.status_code, 50000, route);
        assert.doesNotMatch(answer.status_msg, internals);
        assert.match(answer.headers.get('x-request-id') ?? '', /^\w{16,}/);
      }
    });

    it('of a body that is too large is 413 in the envelope', async () => {
      const body = new URLSearchParams({ comment_text: 'x'.repeat(2 * 1024 ** 2) });
      const { http, body: answer } = await raw(routes.comment.path, { method: 'POST', body });
      assert.deepEqual([http, answer.status_code], [413, 41301]);
    });

    it('of a service that is away is 503 with Retry-After in the envelope', async () => {
      await api.platform.kill('publish');
      const { http, headers, body } = await raw(routes.publish.path, { method: 'POST' });
      await api.platform.restart('publish');
      assert.deepEqual([http, body.status_code], [503, 50300]);
      assert.match(headers.get('retry-after') ?? '', /^\d+$/);
    });

    it('of malformed input breaks nothing [14]', async () => {
      const attempts: [string, RequestInit][] = [
        ['/douyin/user/?user_id=%E0%A4%A&token=%', {}],
        ['/douyin/user/?%00=%00', {}],
        ['/douyin/%E0%A4%A/', {}],
        [`/douyin/feed/?token=${'x'.repeat(20_000)}`, {}],
        ['/douyin/feed/', { headers: { authorization: `Bearer ${'x'.repeat(20_000)}` } }],
        ['/douyin/comment/action/', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } }],
        ['/douyin/comment/action/', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }],
        ['/douyin/publish/action/', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }],
        [`/douyin/feed/?latest_time=${'9'.repeat(400)}`, {}],
        [`/douyin/feed/?${'a=b&'.repeat(1_000)}`, {}],
      ];
      for (const [path, init] of attempts) {
        const { body } = await raw(path, init);
        assert.equal(typeof body.status_code, 'number', path);
        assert.doesNotMatch(String(body.status_msg), internals, path);
      }
      assert.equal((await api.client.succeed('feed')).video_list.length, 30);
    });
  });
