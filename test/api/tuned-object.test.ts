import assert from 'node:assert/strict';
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { createKeys } from '../../services/shared/read-models/keys.ts';
import { connectRedis } from '../../services/shared/redis/connect.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { eventually, eventuallyHolds } from '../eventually.ts';
import { type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { type ApiClient, type Caller, createApiClient } from './client.ts';
import { fillLibrary } from './library.ts';
import { newName } from './platform.ts';
import { sendUpload } from './send-upload.ts';

const mebibyte = 1024 ** 2;

describe('an object that says how the platform is to be', function () {
  this.timeout(120_000);

  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-tuned-'));
  let platform: PlatformUnderTest;
  let client: ApiClient;
  let db: Knex;
  before(async () => {
    platform = await startPlatform({
      replicas: { user: 0, 'like-writer': 0 },
      spec: {
        auth: { minPasswordLength: 9, accessTokenSeconds: 120 },
        feed: { pageSize: 3, cacheSize: 30 },
        limits: {
          uploadMegabytes: 4,
          perUser: { uploadMegabytesPerDay: 5, concurrentUploads: 1 },
          exemptCidrs: [],
        },
        transcoder: {
          limits: { maxDurationSeconds: 3, maxPixels: 320 * 240 },
          ladder: [{ shortSidePixels: 144, maxKilobitsPerSecond: 150 }],
          preset: 'ultrafast',
          quality: 35,
        },
      },
      prepare: async (settings) => {
        db = connectDatabase(settings);
        await fillLibrary(db);
      },
    });
    client = createApiClient(platform.url);
  });
  after(async () => {
    await db?.destroy();
    await platform?.stop();
    rmSync(folder, { recursive: true });
  });

  const register = async (password = 'nine-long'): Promise<Caller> => {
    const name = newName('tuned');
    const { user_id, token } = await client.succeed('register', { username: name, password });
    return { id: user_id, name, token };
  };

  it('has passwords that are long enough, and logins that end when it says', async () => {
    assert.equal(await client.refusal('register', { username: newName('tuned'), password: 'eight-ch' }), 40001);
    const { token } = await register();
    const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(exp - iat, 120);
  });

  it('has pages of the feed as long as it says, and keeps no more of it in Redis', async () => {
    const { video_list } = await client.succeed('feed');
    assert.equal(video_list.length, 3);
    const redis = connectRedis(platform.settings);
    const { newest } = createKeys(platform.settings.CACHE_KEY_PREFIX).feed;
    await eventuallyHolds(async () => assert.equal(await redis.zcount(newest(), '(0', '+inf'), 30)).finally(() =>
      redis.disconnect(),
    );
  });

  it('lets a user upload so much a day', async () => {
    const send = (token: string, bytes: number) => sendUpload({ url: platform.url, bytes, before: { token } });
    const [taken, refused] = [
      { http: 200, status_code: 0 },
      { http: 429, status_code: 42901 },
    ];
    const [much, little] = [await register(), await register()];
    assert.deepEqual(await send(much.token, 3 * mebibyte), taken);
    assert.deepEqual(await send(much.token, 3 * mebibyte), refused);
    assert.deepEqual(await send(little.token, mebibyte), taken);
    assert.deepEqual(await send(little.token, mebibyte), taken);
  });

  it('lets a user have so many uploads on their way', async () => {
    const { token } = await register();
    const send = () => sendUpload({ url: platform.url, bytes: mebibyte, before: { token } });
    const answers = await Promise.all([send(), send(), send()]);
    const refused = answers.filter((answer) => answer?.status_code === 42901);
    assert.ok(refused.length > 0, JSON.stringify(answers));
    assert.ok(refused.length < answers.length, JSON.stringify(answers));
  });

  const publish = async (name: string, clip: Parameters<typeof makeClip>[1]) => {
    const file = join(folder, name);
    makeClip(file, clip);
    const author = await register();
    const parts = [
      ['token', author.token],
      ['title', name],
      ['data', await openAsBlob(file)],
    ] as const;
    assert.equal((await client.publish(parts)).status_code, 0);
    return eventually(`${name} is done`, async () => {
      const rows = db('upload').join('video', 'video.id', 'upload.video_id').where({ title: name });
      const [upload] = await rows.select('upload.state as work', 'video.reason', 'hls_path', 'play_path');
      return ['done', 'failed'].includes(upload?.work) && upload;
    });
  };

  it('has videos in the sizes, of the quality and with the work that it asks for', async () => {
    const { hls_path, play_path } = await publish('taken.mp4', { seconds: 1, size: '320x240' });
    const media = `${platform.settings.OBJECT_STORE_ENDPOINT}/${platform.settings.OBJECT_STORE_MEDIA_BUCKET}`;
    const playlist = await (await fetch(`${media}/${hls_path}`)).text();
    assert.deepEqual(playlist.match(/RESOLUTION=\S+?(?=,|$)/gm), ['RESOLUTION=192x144']);
    // The encoder writes its options into the first frame.
    const video = Buffer.from(await (await fetch(`${media}/${play_path}`)).arrayBuffer()).toString('latin1');
    assert.match(video, / crf=35\.0 /);
    assert.match(video, / vbv_maxrate=150 /);
    assert.match(video, / me=dia subme=0 /, 'which is what ultrafast stands for');
  });

  it('refuses videos that are longer or larger than it says', async () => {
    const longer = await publish('longer.mp4', { seconds: 5, size: '160x120', framesPerSecond: 5 });
    assert.match(longer.reason, /longer than 3 s|3 seconds/);
    const larger = await publish('larger.mp4', { seconds: 1, size: '640x480', framesPerSecond: 5 });
    assert.match(larger.reason, /76,?800/);
  });
});
