import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { eventually } from '../eventually.ts';
import type { Account, Video } from './api-client.ts';
import { openBrowser, watchFeed } from './browser.ts';
import { makeClip, meanLuma, probe, topLevelBoxes } from './media.ts';
import { sharedPlatform } from './platform.ts';

describe('the life of a video', function () {
  this.timeout(180_000);

  let folder: string;
  let clip: string;
  let author: Account;
  let viewer: Account;
  let video: Video;

  before(async () => {
    const { api } = await sharedPlatform();
    folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-'));
    clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 15, size: '1920x1080' });
    author = await api.register(`author-${Date.now()}`, 'a password of mine');
    viewer = await api.register(`viewer-${Date.now()}`, 'another password');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is in its author’s list at once, with links that answer', async () => {
    const { api } = await sharedPlatform();
    const answer = await api.publish(author.token, clip, 'first clip');
    assert.equal(answer.status_code, 0, answer.status_msg);
    const [listed] = (await api.published(author)).video_list;
    assert.equal(listed?.title, 'first clip');
    for (const url of [listed?.play_url, listed?.cover_url]) {
      assert.equal((await fetch(url ?? '', { headers: { range: 'bytes=0-0' } })).ok, true, `${url} answers`);
    }
    assert.deepEqual((await api.published(viewer)).status_code, 0);
  });

  it('is in the feed within 30 s of the upload', async () => {
    const { api } = await sharedPlatform();
    video = await eventually(
      'the video in the feed',
      async () => (await api.feed()).video_list.find((candidate) => candidate.author.id === author.id),
      30,
    );
    assert.equal(video.title, 'first clip');
    assert.equal(video.author.work_count, 1);
  });

  it('plays everywhere: H.264 and AAC at 720p, the index before the data, a cover that is not black', async () => {
    const response = await fetch(video.play_url);
    assert.equal(response.headers.get('content-type'), 'video/mp4');
    const file = join(folder, 'played.mp4');
    const bytes = Buffer.from(await response.arrayBuffer());
    await writeFile(file, bytes);
    const { streams, durationSeconds } = await probe(file);
    const picture = streams.find((stream) => stream.codec_type === 'video');
    const sound = streams.find((stream) => stream.codec_type === 'audio');
    assert.deepEqual([picture?.codec_name, picture?.width, picture?.height], ['h264', 1280, 720]);
    assert.equal(sound?.codec_name, 'aac');
    assert.ok(Math.abs(durationSeconds - 15) < 0.2, `lasts ${durationSeconds} s`);
    const boxes = topLevelBoxes(bytes);
    assert.ok(boxes.indexOf('moov') > 0 && boxes.indexOf('moov') < boxes.indexOf('mdat'), boxes.join(' '));
    assert.ok((await meanLuma(video.cover_url)) > 20);
  });

  it('answers a range of bytes, so that a player can seek', async () => {
    const response = await fetch(video.play_url, { headers: { range: 'bytes=100-199' } });
    assert.equal(response.status, 206);
    assert.equal((await response.arrayBuffer()).byteLength, 100);
    assert.match(response.headers.get('content-range') ?? '', /^bytes 100-199\//);
  });

  it('counts a repeated like once, in the feed and in the database after the drain', async () => {
    const { api, queryDatabase } = await sharedPlatform();
    for (let time = 0; time < 2; time += 1) {
      const answer = await api.like(viewer.token, video.id);
      assert.equal(answer.status_code, 0, answer.status_msg);
    }
    const seen = (await api.feed(viewer.token)).video_list.find(({ id }) => id === video.id);
    assert.deepEqual([seen?.favorite_count, seen?.is_favorite], [1, true]);
    assert.deepEqual(
      (await api.liked(viewer)).video_list.map(({ id }) => id),
      [video.id],
    );
    assert.equal((await api.feed()).video_list.find(({ id }) => id === video.id)?.is_favorite, false);

    await eventually(
      'the like in the database',
      async () => {
        const rows = await queryDatabase(
          `SELECT liked FROM favorite WHERE user_id = ${viewer.id} AND video_id = ${video.id}`,
        );
        return rows === '1';
      },
      30,
    );
    assert.equal(await queryDatabase(`SELECT favorite_count FROM video_counter WHERE video_id = ${video.id}`), '1');
    assert.equal((await api.user(author)).user.total_favorited, 1);
    assert.equal((await api.user(viewer)).user.favorite_count, 1);
  });

  it('loses the like when it is taken back', async () => {
    const { api, queryDatabase } = await sharedPlatform();
    assert.equal((await api.unlike(viewer.token, video.id)).status_code, 0);
    assert.equal((await api.feed()).video_list.find(({ id }) => id === video.id)?.favorite_count, 0);
    await eventually(
      'the unlike in the database',
      async () => {
        const count = await queryDatabase(`SELECT favorite_count FROM video_counter WHERE video_id = ${video.id}`);
        return count === '0';
      },
      30,
    );
  });

  describe('on the page', () => {
    let browser: Browser;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser.close());

    it('plays in Chromium', async () => {
      const { url } = await sharedPlatform();
      const playback = await watchFeed(browser, url, 30);
      assert.ok(playback.decodedFrames >= 30);
      assert.ok(playback.currentTime > 0);
    });
  });
});

describe('an upload that cannot become a video', function () {
  this.timeout(120_000);

  let folder: string;
  let author: Account;
  before(async () => {
    const { api } = await sharedPlatform();
    folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-'));
    author = await api.register(`sloppy-${Date.now()}`, 'a password of mine');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is refused with a sentence and leaves neither row nor object', async () => {
    const { api, queryDatabase } = await sharedPlatform();
    const file = join(folder, 'notes.mp4');
    await writeFile(file, '#EXTM3U\nnot a video at all\n');
    const answer = await api.publish(author.token, file, 'notes');
    assert.notEqual(answer.status_code, 0);
    assert.match(answer.status_msg, /video/i);
    assert.deepEqual((await api.published(author)).video_list, []);
    assert.equal(await queryDatabase(`SELECT COUNT(*) FROM video WHERE author_id = ${author.id}`), '0');
  });

  it('is refused for a wrong token before anything is stored', async () => {
    const { api } = await sharedPlatform();
    const file = join(folder, 'clip.mp4');
    await makeClip(file, { seconds: 1, size: '320x240' });
    const answer = await api.publish('not-a-token', file, 'stolen');
    assert.notEqual(answer.status_code, 0);
    assert.match(answer.status_msg, /log ?in|token/i);
  });

  it('is shown to its author as failed with the reason when only ffmpeg finds out', async () => {
    const { api } = await sharedPlatform();
    const whole = join(folder, 'whole.mp4');
    await makeClip(whole, { seconds: 2, size: '320x240' });
    const file = join(folder, 'half.mp4');
    await writeFile(file, (await readFile(whole)).subarray(0, 4096));
    const answer = await api.publish(author.token, file, 'half');
    assert.equal(answer.status_code, 0, answer.status_msg);
    const failed = await eventually(
      'the failure with its reason',
      async () => (await api.published(author)).video_list.find(({ state }) => state === 'failed'),
      60,
    );
    assert.ok((failed.reason ?? '').length > 10, failed.reason);
    assert.equal(
      (await api.feed()).video_list.some(({ author: { id } }) => id === author.id),
      false,
    );
  });
});
