import assert from 'node:assert/strict';
import { authorId, maxFileBytes, mebibyte, type PublishUnderTest, startPublish, token } from './fixture.ts';
import { type Part, video } from './form.ts';

interface Sending {
  parts: Part[];
  query?: string;
  headers?: Record<string, string>;
}

const title: Part = ['title', 'first 视频'];
const orders: [string, (data: Part) => Sending][] = [
  ['the file before token and title', (data) => ({ parts: [data, ['token', token()], title] })],
  ['the file after token and title', (data) => ({ parts: [['token', token()], title, data] })],
  ['the token in the query', (data) => ({ parts: [title, data], query: `?token=${token()}` })],
  ['a bearer token', (data) => ({ parts: [data, title], headers: { authorization: `Bearer ${token()}` } })],
];

describe('an upload that is accepted', function () {
  this.timeout(90_000);
  let service: PublishUnderTest;
  before(async () => {
    service = await startPublish();
  });
  after(() => service.stop());

  for (const [order, sendingOf] of orders) {
    for (const [size, bytes] of [
      ['small', 20_000],
      ['large', 11 * mebibyte],
    ] as const) {
      it(`may come with ${order}, ${size}`, async () => {
        const { db, store, send } = service;
        const file = video(bytes);
        const { parts, ...rest } = sendingOf(['data', file]);
        assert.deepEqual(await send(parts, rest), { status: 200, body: { status_code: 0, status_msg: 'ok' } });

        const row = await db('video').orderBy('id', 'desc').first();
        const { author_id, state, published_at } = row;
        assert.deepEqual([author_id, row.title, state, published_at], [authorId, title[1], 'processing', null]);
        assert.equal((await db('upload').where({ video_id: row.id }).first()).state, 'queued');
        const event = await db('outbox')
          .where({ topic: 'uploads', message_key: String(row.id) })
          .first();
        assert.match(JSON.stringify(event.payload), new RegExp(`${row.id}.*${authorId}`));

        const object = await store.get({ bucket: 'originals', path: row.original_path });
        assert.equal(object?.contentType, 'video/mp4');
        assert.ok(file.equals(Buffer.concat((await object?.body.toArray()) ?? [])));
      });
    }
  }

  it("is in its author's list at once, and wakes the outbox", async () => {
    const { models, send, wakes } = service;
    const works = async () => (await models.videos.works({ authorId: 77, limit: 10, isOwn: true })).works.length;
    assert.equal(await works(), 0);
    const wakesBefore = wakes.length;
    await send([
      ['data', video(100)],
      ['token', token(77)],
    ]);
    assert.equal(await works(), 1);
    assert.equal(wakes.length, wakesBefore + 1);
  });

  it('needs no title', async () => {
    const { body } = await service.send([
      ['data', video(100)],
      ['token', token()],
    ]);
    assert.equal(body.status_code, 0);
    assert.equal((await service.db('video').orderBy('id', 'desc').first()).title, '');
  });

  it('may have exactly the size that is allowed', async () => {
    const { body } = await service.send([
      ['data', video(maxFileBytes)],
      ['token', token()],
    ]);
    assert.equal(body.status_code, 0);
  });

  it('leaves neither tokens nor names of files in the log', () => {
    assert.ok(service.lines.length > 0);
    assert.ok(!service.lines.some((line) => line.includes('my video') || line.includes('eyJ')));
  });
});
