import assert from 'node:assert/strict';
import type { Browser, Page } from 'puppeteer-core';
import { openBrowser } from '../../../test/acceptance/browser.ts';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';

describe('web page', function () {
  this.timeout(90_000);
  let platform: FakePlatform;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  before(async () => {
    platform = await startFakePlatform();
    browser = await openBrowser();
  });

  beforeEach(async () => {
    platform.videos = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((id) => ({
      id,
      title: `<b>clip</b> ${id}`,
      favorite_count: id,
      is_favorite: false,
    }));
    platform.failure = undefined;
    platform.calls = [];
    complaints = [];
    page = await (await browser.createBrowserContext()).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.setViewport({ width: 390, height: 780 });
  });

  afterEach(async () => {
    await page.browserContext().close();
    assert.deepEqual(complaints, [], 'the page has no error and breaks no rule of its policy');
  });

  after(async () => {
    await browser?.close();
    platform?.close();
  });

  const open = () => page.goto(platform.url, { waitUntil: 'domcontentloaded' });

  /** Waits until the card at a position plays and is the only one that does. */
  const untilPlays = (position: number) =>
    page.waitForFunction(
      (wanted) => {
        const videos = [...document.querySelectorAll('video')];
        const playing = videos.flatMap((video, index) => (!video.paused && video.readyState >= 3 ? [index] : []));
        return playing.length === 1 && playing[0] === wanted;
      },
      { timeout: 15_000, polling: 100 },
      position,
    );

  const attached = () =>
    page.$$eval('video', (videos) => videos.flatMap((video, index) => (video.hasAttribute('src') ? [index] : [])));

  it('plays the newest video by itself, without sound, over its cover', async () => {
    await open();
    await untilPlays(0);
    await page.waitForFunction(
      () => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) >= 30,
    );
    const state = await page.$eval('.card', (card) => ({
      muted: card.querySelector('video')?.muted,
      cover: card.querySelector<HTMLImageElement>('.cover')?.naturalWidth,
      title: card.querySelector('.title')?.textContent,
      showing: card.classList.contains('is-showing'),
    }));
    assert.deepEqual(state, { muted: true, cover: 360, title: '<b>clip</b> 9', showing: true });
  });

  it('gives sound at the first tap, stops at the second and goes on at the third', async () => {
    await open();
    await untilPlays(0);
    const tap = async () => {
      await page.click('.card .surface');
      return page.$eval('video', ({ muted, paused }) => ({ muted, paused }));
    };
    assert.deepEqual(await tap(), { muted: false, paused: false });
    assert.deepEqual(await tap(), { muted: false, paused: true });
    assert.deepEqual(await tap(), { muted: false, paused: false });
  });

  it('moves by keys and keeps only the video that plays and its neighbours loaded', async () => {
    await open();
    await untilPlays(0);
    assert.deepEqual(await attached(), [0, 1]);
    for (const position of [1, 2, 3]) {
      await page.keyboard.press('ArrowDown');
      await untilPlays(position);
    }
    assert.deepEqual(await attached(), [2, 3, 4]);
    await page.keyboard.press('ArrowUp');
    await untilPlays(2);
  });

  it('loads further pages by the cursor, and starts again after the last one', async () => {
    platform.videos = platform.videos.slice(0, 5);
    await open();
    for (const position of [0, 1, 2, 3, 4, 5]) {
      if (position > 0) await page.keyboard.press('ArrowDown');
      await untilPlays(position);
    }
    const titles = await page.$$eval('.title', (elements) => elements.map(({ textContent }) => textContent?.slice(-1)));
    assert.deepEqual(titles.slice(0, 6), ['9', '8', '7', '6', '5', '9']);
    assert.deepEqual(platform.calls.slice(0, 3), [
      'GET /douyin/feed/?latest_time=0',
      'GET /douyin/feed/?latest_time=7',
      'GET /douyin/feed/?latest_time=0',
    ]);
  });

  it('asks for a login before a like, and sends the like with the token outside of the address', async () => {
    await open();
    await untilPlays(0);
    await page.click('.like');
    await page.type('#account [name=username]', 'ada');
    await page.type('#account [name=password]', 'a password');
    await page.click('#account [value=login]');
    await page.waitForFunction(() => document.querySelector('#account-name')?.textContent === 'ada');
    await untilPlays(0);

    await page.click('.like');
    await page.waitForFunction(() => document.querySelector('.like')?.getAttribute('aria-pressed') === 'true');
    assert.equal(await page.$eval('.like-count', (element) => element.textContent), '10');
    assert.ok(
      platform.calls.includes('POST /douyin/favorite/action/ video_id=9&action_type=1'),
      platform.calls.join('\n'),
    );
    assert.equal(
      platform.calls.some((call) => call.includes('token')),
      false,
    );
  });

  it('lets the platform revoke the token at a logout', async () => {
    await page.evaluateOnNewDocument(() => {
      localStorage.setItem('tiktok-lite-session', JSON.stringify({ userId: 1, token: 'a-token', name: 'ada' }));
    });
    await open();
    await untilPlays(0);
    await page.click('#open-account');
    await page.waitForFunction(() => document.querySelector('#toast')?.textContent === 'Logged out');
    assert.ok(platform.calls.includes('POST /v1/logout Bearer a-token'), platform.calls.join('\n'));
    assert.equal(await page.evaluate(() => localStorage.getItem('tiktok-lite-session')), '{}');
  });

  it('takes a like back that the platform refuses, and says why', async () => {
    await page.evaluateOnNewDocument(() => {
      localStorage.setItem('tiktok-lite-session', JSON.stringify({ userId: 1, token: 'a-token', name: 'ada' }));
    });
    await open();
    await untilPlays(0);
    platform.videos = [];
    await page.click('.like');
    await page.waitForFunction(() => document.querySelector('#toast')?.textContent === 'there is no such video');
    assert.equal(await page.$eval('.like', (element) => element.getAttribute('aria-pressed')), 'false');
    assert.equal(await page.$eval('.like-count', (element) => element.textContent), '9');
  });

  it('says that the feed is empty and shows the first video once there is one', async () => {
    const [first] = platform.videos;
    assert.ok(first);
    platform.videos = [];
    await open();
    await page.waitForFunction(() => document.querySelector('.notice-title')?.textContent === 'No videos yet');
    platform.videos = [first];
    await untilPlays(0);
    assert.equal(await page.$eval('#notice', (element) => (element as HTMLElement).hidden), true);
  });

  it('says why the feed cannot be shown and tries again when asked', async () => {
    platform.failure = { status_code: 50300, status_msg: 'the server cannot answer now: try again' };
    await open();
    await page.waitForFunction(() =>
      document.querySelector('.notice-text')?.textContent?.includes('cannot answer now'),
    );
    platform.failure = undefined;
    await page.click('#notice button');
    await untilPlays(0);
  });
});
