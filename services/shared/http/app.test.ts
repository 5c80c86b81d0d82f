import assert from 'node:assert/strict';
import Router from '@koa/router';
import { Registry } from 'prom-client';
import Type from 'typebox';
import { ApiError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { createApp } from './app.ts';
import { authenticate, requireViewer, viewerOf } from './authentication.ts';
import type { RequestState } from './context.ts';
import { parseInput, WireId, WireLine } from './input.ts';
import { routesOf } from './routes.ts';
import { type ServedApp, serveApp } from './server.ts';

const Example = Type.Object({
  video_id: WireId,
  action_type: Type.Union([Type.Literal(1), Type.Literal(2)]),
  title: Type.Optional(WireLine({ minLength: 1, maxLength: 3 })),
});

const tokens = { verify: (token: string) => (token === 'good' ? 42 : undefined) };
/** A request whose length is not declared. */
const chunkedRequest = (body: string): RequestInit & { duplex: 'half' } => ({
  method: 'POST',
  headers: formType,
  body: new Blob([body]).stream(),
  duplex: 'half',
});

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

describe('an application', () => {
  const lines: string[] = [];
  const logger = createLogger({ component: 'test', level: 'debug' }, { write: (line) => void lines.push(line) });
  const metrics = new Registry();
  let served: ServedApp;
  let base: string;

  before(async () => {
    const app = createApp({
      logger,
      metrics,
      empty: { '/douyin/example/': { user_id: 0, token: '' } },
      streamedPaths: ['/douyin/streamed'],
      maxBodyBytes: 1024,
    });
    const router = new Router<RequestState>();
    router.all('/douyin/example/', (ctx) => {
      ctx.body = { status_code: 0, input: parseInput(ctx, Example), viewer: viewerOf(ctx) ?? null };
    });
    router.get('/douyin/mine/', (ctx) => {
      ctx.body = { viewer: requireViewer(ctx) };
    });
    router.get('/douyin/broken/', () => {
      throw new TypeError('a detail that nobody may see');
    });
    router.get('/douyin/database-gone/', () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:3306'), { code: 'ECONNREFUSED' });
    });
    router.get('/v1/things/:id', (ctx) => {
      ctx.body = { id: ctx.params.id };
    });
    router.get('/v1/thing', () => {
      throw new ApiError('video_not_found');
    });
    router.post('/douyin/streamed/', async (ctx) => {
      let bytes = 0;
      for await (const chunk of ctx.req) bytes += chunk.length;
      ctx.body = { bytes, query: Object.fromEntries(ctx.state.parameters) };
    });
    app.use(authenticate(tokens)).use(routesOf(router));
    served = await serveApp(app, { port: 0, logger });
    base = `http://127.0.0.1:${served.port}`;
  });
  after(() => served.drain(100));

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(base + path, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it('answers both slash forms of a path', async () => {
    for (const path of ['/douyin/example', '/douyin/example/']) {
      assert.equal((await ask(`${path}?video_id=7&action_type=1`)).body.status_code, 0);
    }
  });

  it('takes parameters from query, urlencoded body and multipart fields, first non-empty wins', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'x.mp4');
    form.append('action_type', '2');
    form.append('title', '');
    form.append('title', '好a');
    const bodies: RequestInit[] = [
      { method: 'POST', headers: formType, body: 'action_type=2&title=&title=%E5%A5%BDa&other=1' },
      { method: 'POST', body: form },
    ];
    for (const init of bodies) {
      const { body } = await ask('/douyin/example/?video_id=&video_id=7&title=', init);
      assert.deepEqual(body.input, { video_id: 7, action_type: 2, title: '好a' });
    }
  });

  it('accepts exponent numbers and refuses inexact ones', async () => {
    const idOf = async (text: string) => (await ask(`/douyin/example/?action_type=1&video_id=${text}`)).body;
    assert.equal((await idOf('1.234567e%2B06')).input.video_id, 1_234_567);
    assert.equal((await idOf('9007199254740991')).input.video_id, 9_007_199_254_740_991);
    for (const bad of ['9007199254740993', '1.5', '1e400', '-1', '0', '0x10', 'abc', 'NaN', 'Infinity']) {
      assert.equal((await idOf(bad)).status_code, 40001, bad);
    }
  });

  it('names every wrong parameter and keeps the empty payload and the status 200', async () => {
    const { status, body } = await ask('/douyin/example?action_type=3&title=abcd');
    assert.equal(status, 200);
    assert.deepEqual(body, {
      status_code: 40001,
      status_msg:
        'video_id is missing; action_type must be 1 or 2; title must be a text from 1 to 3 characters, without control characters',
      user_id: 0,
      token: '',
    });
  });

  it('counts characters, not bytes, and refuses control characters', async () => {
    const titled = async (title: string) =>
      (await ask(`/douyin/example?video_id=1&action_type=1&title=${encodeURIComponent(title)}`)).body.status_code;
    assert.equal(await titled('短视频'), 0);
    assert.equal(await titled('😀😀😀'), 0);
    assert.equal(await titled('a\nb'), 40001);
    assert.equal(await titled('a\0'), 40001);
  });

  it('refuses a body that is too large, with or without a declared length', async () => {
    const large = `title=${'a'.repeat(2000)}`;
    const declared = await ask('/douyin/example', { method: 'POST', headers: formType, body: large });
    const chunked = await ask('/douyin/example', chunkedRequest(large));
    for (const answer of [declared, chunked]) {
      assert.equal(answer.status, 413);
      assert.equal(answer.body.status_code, 41301);
      assert.equal(answer.body.token, '');
    }
  });

  it('leaves the body of a streamed path to its route', async () => {
    const { body } = await ask('/douyin/streamed?a=1', { method: 'POST', headers: formType, body: 'b'.repeat(5000) });
    assert.deepEqual(body, { bytes: 5000, query: { a: '1' } });
  });

  it('knows the caller by parameter or bearer token, and takes an invalid token for an anonymous caller', async () => {
    const viewer = async (query: string, headers = {}) =>
      (await ask(`/douyin/example?video_id=1&action_type=1${query}`, { headers })).body.viewer;
    assert.equal(await viewer('&token=good'), 42);
    assert.equal(await viewer('', { authorization: 'Bearer good' }), 42);
    assert.equal(await viewer('&token=bad'), null);
    assert.equal(await viewer('&token='), null);
    assert.equal((await ask('/douyin/mine?token=bad')).body.status_code, 40101);
  });

  it('shows nothing of an unknown error, and logs it with its cause', async () => {
    lines.length = 0;
    const { status, body } = await ask('/douyin/broken/', { headers: { 'x-request-id': 'abc-1' } });
    assert.deepEqual([status, body.status_code], [200, 50000]);
    assert.doesNotMatch(JSON.stringify(body), /detail/);
    const logged = lines.map((line) => JSON.parse(line)).find((line) => line.msg === 'request failed');
    assert.equal(logged.requestId, 'abc-1');
    assert.match(JSON.stringify(logged), /a detail that nobody may see/);
  });

  it('answers 503 with Retry-After when a dependency cannot be reached', async () => {
    const { status, headers, body } = await ask('/douyin/database-gone/');
    assert.deepEqual([status, headers.get('retry-after'), body.status_code], [503, '1', 50300]);
    assert.doesNotMatch(body.status_msg, /10\.0\.0\.1/);
  });

  it('answers a path with a parameter, and measures it by its pattern', async () => {
    assert.deepEqual((await ask('/v1/things/7')).body, { id: '7' });
    assert.match(await metrics.metrics(), /route="\/v1\/things\/:id"/);
  });

  it('answers HEAD where it answers GET', async () => {
    const { status, ok } = await fetch(`${base}/douyin/example/?video_id=1&action_type=1`, { method: 'HEAD' });
    assert.deepEqual([status, ok], [200, true]);
  });

  it('answers unknown routes and methods in the form of their surface', async () => {
    assert.equal((await ask('/douyin/nothing/')).body.status_code, 40400);
    assert.equal((await ask('/douyin/mine/', { method: 'POST' })).body.status_code, 40500);
    const problem = await ask('/v1/thing');
    assert.equal(problem.status, 404);
    assert.match(problem.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.deepEqual(problem.body, {
      type: 'urn:tiktok-lite:problem:video_not_found',
      title: 'there is no such video',
      status: 404,
      detail: 'there is no such video',
      code: 'video_not_found',
      request_id: problem.headers.get('x-request-id'),
    });
  });

  it('gives each request an id, the given one where it is a sane one', async () => {
    const idFor = async (id: string) =>
      (await ask('/v1/x', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    assert.equal(await idFor('from-gateway.1'), 'from-gateway.1');
    assert.match((await idFor('a b"c')) ?? '', /^[0-9a-f-]{36}$/);
  });

  it('logs paths without their query', async () => {
    lines.length = 0;
    await ask('/douyin/example?video_id=1&action_type=1&token=good');
    assert.ok(lines.some((line) => line.includes('"path":"/douyin/example/"')));
    assert.ok(!lines.some((line) => line.includes('token=good')));
  });

  it('measures by route pattern and outcome', async () => {
    const text = await metrics.metrics();
    assert.match(text, /http_request_duration_seconds_count\{[^}]*route="\/douyin\/mine\/"[^}]*code="token_invalid"/);
    assert.match(text, /route="none",code="route_not_found"/);
  });
});
