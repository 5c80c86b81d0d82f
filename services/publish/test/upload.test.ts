import assert from 'node:assert/strict';
import { authorId, type PublishUnderTest, startPublish, token } from './fixture.ts';
import { video } from './form.ts';

describe('GET /v1/uploads/{id}', function () {
  this.timeout(90_000);
  let service: PublishUnderTest;
  let videoId: number;
  before(async () => {
    service = await startPublish();
    await service.send([
      ['data', video(1_000)],
      ['token', token()],
    ]);
    videoId = (await service.db('video').where({ author_id: authorId }).first('id')).id;
  });
  after(() => service.stop());

  const told = async () => {
    const { status, body } = await service.ask(`/v1/uploads/${videoId}`, token());
    assert.deepEqual([status, body.id], [200, videoId]);
    return body;
  };
  const write = async (upload: object, change: object = {}) => {
    await service.db('upload').where({ video_id: videoId }).update(upload);
    if (Object.keys(change).length > 0) await service.db('video').where({ id: videoId }).update(change);
  };

  it('tells the author how far it is', async () => {
    assert.deepEqual(await told(), { id: videoId, state: 'received', percent: 0 });
    await service.db('outbox').update({ sent_at: 1 });
    assert.deepEqual(await told(), { id: videoId, state: 'queued', percent: 0 });
    await write({ state: 'processing', percent: 35 });
    assert.deepEqual(await told(), { id: videoId, state: 'processing', percent: 35 });
    await write({ percent: 70 }, { state: 'ready' });
    assert.deepEqual(await told(), { id: videoId, state: 'ready', percent: 70 });
    await write({ state: 'done', percent: 100 });
    assert.deepEqual(await told(), { id: videoId, state: 'ready', percent: 100 });
  });

  it('tells why there will be no video', async () => {
    await write({ state: 'failed' }, { state: 'failed', reason: 'The video is too long.' });
    assert.deepEqual(await told(), { id: videoId, state: 'failed', percent: 0, reason: 'The video is too long.' });
  });

  it('tells others nothing, not even that there is one', async () => {
    const [others, none] = [
      await service.ask(`/v1/uploads/${videoId}`, token(77)),
      await service.ask('/v1/uploads/9', token()),
    ];
    assert.deepEqual([others.status, others.body.code], [404, 'upload_not_found']);
    assert.deepEqual([none.status, none.body.detail], [404, others.body.detail]);
    const { status, body } = await service.ask(`/v1/uploads/${videoId}`);
    assert.deepEqual([status, body.code], [401, 'token_invalid']);
  });

  it('says what is wrong with an id', async () => {
    const { status, body } = await service.ask('/v1/uploads/first', token());
    assert.deepEqual([status, body.detail], [400, 'id must be a whole number from 1 to 9007199254740991']);
  });
});
