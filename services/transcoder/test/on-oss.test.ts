import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OssEmulator, startOssEmulator } from '../../../test/backends/oss/server.ts';
import { ossSettings } from '../../../test/backends/oss/settings.ts';
import { eventually } from '../../../test/eventually.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { createObjectStore } from '../../shared/object-store/object-store.ts';
import { makeClip } from './clips.ts';
import { sendClip, startPlatform } from './processes.ts';

const authorId = 42;

describe('a platform whose files lie in OSS', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-oss-'));
  let oss: OssEmulator;
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let db: Knex;

  before(async () => {
    oss = await startOssEmulator();
    platform = await startPlatform({ store: Promise.resolve(ossSettings(oss, 'clips')) });
    db = connectDatabase(platform.settings);
    await db('user_counter').insert({ user_id: authorId });
    assert.deepEqual(await createObjectStore(platform.settings).prepare(), []);
  });
  after(async () => {
    await platform?.stop();
    await db?.destroy();
    await oss?.stop();
    rmSync(folder, { recursive: true });
  });

  it('takes an upload, and shows what is made of it', async () => {
    const file = join(folder, 'clip.mp4');
    makeClip(file, { seconds: 1 });
    const publish = await platform.start('publish');
    await sendClip(publish, { token: platform.tokens.issue(authorId), file, title: 'a clip' });
    await platform.start('transcoder');
    await eventually('the work is done', () => db('upload').where({ state: 'done' }).first(), 60);

    const { play_path: play, hls_path: master, original_path: original } = await db('video').first();
    const { OBJECT_STORE_MEDIA_BUCKET: media, OBJECT_STORE_ENDPOINT: endpoint } = platform.settings;
    const fetched = await fetch(`${endpoint}/${media}/${play}`, { headers: { range: 'bytes=4-7' } });
    assert.deepEqual([fetched.status, await fetched.text()], [206, 'ftyp']);
    assert.match(await (await fetch(`${endpoint}/${media}/${master}`)).text(), /^#EXTM3U/);
    const store = createObjectStore(platform.settings);
    const link = await store.signedUrl({ bucket: 'originals', path: original });
    assert.deepEqual(Buffer.from(await (await fetch(link)).arrayBuffer()), readFileSync(file));
  });
});
