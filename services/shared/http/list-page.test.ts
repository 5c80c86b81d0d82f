import assert from 'node:assert/strict';
import type { Context } from './context.ts';
import { answerList, parseListPage } from './list-page.ts';

describe('page of a list', () => {
  const request = (parameters: Record<string, string>, viewerId?: number) =>
    ({ state: { parameters: new Map(Object.entries(parameters)), viewerId } }) as unknown as Context;

  it('is of the user who is named, else of the caller', () => {
    const page = { limit: 200, cursor: undefined };
    assert.deepEqual(parseListPage(request({ user_id: '7' }, 8), 200), { userId: 7, ...page });
    assert.deepEqual(parseListPage(request({}, 8), 200), { userId: 8, ...page });
    assert.throws(() => parseListPage(request({}), 200), { code: 'invalid_request', message: /name a user/ });
  });

  it('takes a limit from 1 to 200 and a cursor', () => {
    const page = parseListPage(request({ user_id: '7', limit: '200', cursor: '1.5e+03' }), 20);
    assert.deepEqual(page, { userId: 7, limit: 200, cursor: 1500 });
    for (const parameters of [{ limit: '0' }, { limit: '201' }, { limit: 'all' }, { cursor: '-1' }, { cursor: '1.5' }])
      assert.throws(() => parseListPage(request({ user_id: '7', ...parameters }), 20), { code: 'invalid_request' });
  });

  it('tells of a next page only when there is one', () => {
    const ctx = request({});
    answerList(ctx, 'user_list', '[{"id":1}]', 5);
    assert.equal(ctx.body, '{"status_code":0,"status_msg":"ok","user_list":[{"id":1}],"next_cursor":5}');
    answerList(ctx, 'user_list', '[]', undefined);
    assert.equal(ctx.body, '{"status_code":0,"status_msg":"ok","user_list":[]}');
  });
});
