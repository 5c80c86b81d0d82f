import assert from 'node:assert/strict';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { perDay } from '../../shared/rate-limits/rate.ts';
import { mebibyte, type PublishUnderTest, startPublish, token } from './fixture.ts';
import { encode, type Part, video } from './form.ts';

const file = (bytes = 100): Part => ['data', video(bytes)];
const ofUser = (userId: number): Part => ['token', token(userId)];

describe('uploads of one user', function () {
  this.timeout(90_000);
  let service: PublishUnderTest;
  before(async () => {
    service = await startPublish({ uploads: perDay(3), megabytes: perDay(5), places: 2 });
  });
  after(() => service.stop());

  const statusesOf = async (...sent: ReturnType<PublishUnderTest['send']>[]) =>
    (await Promise.all(sent)).map(({ status }) => status).sort();

  it('are as many a day as the quota says, and one more is refused with the time to wait', async () => {
    const upload = () => service.send([ofUser(1), file()]);
    for (let count = 0; count < 3; count += 1) assert.equal((await upload()).body.status_code, 0);
    await service.leavesNoTrace(async () => {
      const { status, body } = await upload();
      assert.deepEqual([status, body.status_code], [429, 42901]);
      assert.match(body.status_msg, /^too many uploads: try again in 2\d{4} seconds$/);
    });
    assert.equal((await service.send([ofUser(2), file()])).status, 200);
  });

  it('have a size together, whether it is known before the file or after it', async () => {
    assert.equal((await service.send([ofUser(10), file(3 * mebibyte)])).status, 200);
    await service.leavesNoTrace(async () => {
      assert.deepEqual(await statusesOf(service.send([ofUser(10), file(3 * mebibyte)])), [429]);
    });
    assert.equal((await service.send([file(4.5 * mebibyte), ofUser(11)])).status, 200);
    await service.leavesNoTrace(async () => {
      assert.deepEqual(await statusesOf(service.send([file(4.5 * mebibyte), ofUser(11)])), [429]);
    });
  });

  /** Sends all of an upload but its end, which `finish` sends. */
  const beginUpload = async (parts: readonly Part[]) => {
    const { body, contentType } = await encode(parts);
    const sending = request({
      ...{ port: service.port, method: 'POST', path: '/douyin/publish/action/' },
      headers: { 'content-type': contentType, 'content-length': body.length },
    });
    const status = new Promise<number>((resolve, reject) => {
      sending.on('error', reject);
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
    });
    sending.write(body.subarray(0, -200));
    return { status, finish: () => void sending.end(body.subarray(-200)), cut: () => void sending.destroy() };
  };
  const held = async (holder: string, count: number) => {
    const key = `${service.keyPrefix}:{${holder}}:uploads`;
    while ((await service.redis.zcard(key)) !== count) await pause(5);
  };

  it('are so many at the same time; the next may begin when one has ended or was cut off', async () => {
    const slow = await Promise.all([1, 2].map(() => beginUpload([ofUser(20), file(mebibyte)])));
    await held('user:20', 2);
    const { status, body } = await service.send([ofUser(20), file()]);
    assert.deepEqual([status, body.status_code], [429, 42901]);
    assert.match(body.status_msg, /^too many uploads at once/);
    slow[0]?.finish();
    assert.equal(await slow[0]?.status, 200);
    await held('user:20', 1);
    slow[1]?.status.catch(() => undefined);
    slow[1]?.cut();
    await held('user:20', 0);
  });

  it('count for the address until the user is known', async () => {
    const { status: healthy } = await service.send([file(), ofUser(30)]);
    assert.equal(healthy, 200);
    const slow = await Promise.all([31, 32].map((userId) => beginUpload([file(mebibyte), ofUser(userId)])));
    await held('network:127.0.0.1', 2);
    assert.equal((await service.send([file(), ofUser(33)])).status, 429);
    assert.equal((await service.send([ofUser(33), file()])).status, 200);
    for (const { finish } of slow) finish();
    assert.deepEqual(await Promise.all(slow.map(({ status }) => status)), [200, 200]);
    await held('network:127.0.0.1', 0);
  });
});
