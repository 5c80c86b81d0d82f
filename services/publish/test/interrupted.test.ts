import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { mebibyte, type PublishUnderTest, startPublish, token } from './fixture.ts';
import { encode, type Part, video } from './form.ts';

const upload = (bytes: number): Part[] => [
  ['token', token()],
  ['data', video(bytes)],
];

describe('an upload that is interrupted', function () {
  this.timeout(90_000);
  let service: PublishUnderTest;
  before(async () => {
    service = await startPublish();
  });
  after(() => service.stop());

  /** Sends the first bytes of a request and nothing more. */
  const begin = async (share: number, bytes: number) => {
    const { body, contentType } = await encode(upload(bytes));
    const socket = connect(service.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const head = `POST /douyin/publish/action/ HTTP/1.1\r\nHost: x\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const start = Buffer.concat([Buffer.from(head), body.subarray(0, Math.floor(body.length * share))]);
    await new Promise<void>((resolve) => socket.write(start, () => resolve()));
    return socket;
  };
  const refusals = () => service.lines.filter((line) => line.includes('upload_incomplete')).length;

  for (const bytes of [100, 6 * mebibyte]) {
    it(`before its final boundary is told so and leaves nothing behind (${bytes} bytes)`, () =>
      service.leavesNoTrace(async () => {
        const { body, contentType } = await encode(upload(bytes));
        const answer = await service.post({ body: body.subarray(0, -20), headers: { 'content-type': contentType } });
        assert.deepEqual([answer.status, answer.body.status_code], [200, 40002]);
      }));
  }

  for (const share of [0.0001, 0.6, 0.9999]) {
    it(`by its client after ${share * 100} % leaves nothing behind`, () =>
      service.leavesNoTrace(async () => {
        const before = refusals();
        const socket = await begin(share, 11 * mebibyte);
        await pause(100);
        socket.destroy();
        while (refusals() === before) await pause(20);
      }));
  }

  it('keeps no place: more than fit at once are told "later", and fit when others have gone', async () => {
    const sockets = await Promise.all([1, 2, 3, 4].map(() => begin(0.001, 6 * mebibyte)));
    await pause(200);
    const { status, body } = await service.send(upload(100));
    assert.deepEqual([status, body.status_code], [503, 50300]);
    const before = refusals();
    for (const socket of sockets) socket.destroy();
    while (refusals() < before + sockets.length) await pause(20);
    assert.equal((await service.send(upload(100))).body.status_code, 0);
  });

  it('by a store that is away is told to try again', () =>
    service.leavesNoTrace(async () => {
      const { store } = service;
      const { put } = store;
      store.put = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
      const { status, body } = await service.send(upload(6 * mebibyte));
      store.put = put;
      assert.deepEqual([status, body.status_code], [503, 50300]);
    }));

  it('by rows that cannot be written leaves no file', () =>
    service.leavesNoTrace(async () => {
      await service.db.raw('RENAME TABLE upload TO upload_away');
      const { body } = await service.send(upload(100));
      await service.db.raw('RENAME TABLE upload_away TO upload');
      assert.equal(body.status_code, 50000);
    }));
});
