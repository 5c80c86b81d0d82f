import assert from 'node:assert/strict';
import type { Browser } from 'puppeteer-core';
import type { Transcoded } from '../../services/transcoder/repositories/transcoded.ts';
import { openBrowser } from '../acceptance/browser.ts';
import { fileOf } from './clip.ts';
import { corpus } from './corpus.ts';
import { beeps, flashes, likeness, type Shown, shownFrames, shownSeconds, soundDelay } from './frames.ts';
import { servePlayer } from './player/serve-player.ts';
import { watch } from './player/watch.ts';
import { type PublishedSet, readPublishedSet, type Track, type Variant } from './published-set.ts';
import { openStudio, type Studio, standardLadder } from './studio.ts';

const isFull = process.env.MEDIA_FORM === 'full';
const clips = isFull ? corpus : corpus.filter(({ isBrief }) => isBrief);

const leastLikeness = 0.95;
const mostDelaySeconds = 0.04;
const decodedFrames = 30;
/** Times in files are rounded to their units. */
const roundingSeconds = 0.002;

describe('a transcoded video', function () {
  this.timeout(isFull ? 900_000 : 120_000);
  let studio: Studio;
  let browser: Browser;
  let player: Awaited<ReturnType<typeof servePlayer>>;

  before(async () => {
    studio = await openStudio();
    player = await servePlayer(studio.mediaUrl);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    player?.close();
    await studio?.close();
  });

  for (const clip of clips)
    describe(clip.name, () => {
      let source: string;
      let made: Transcoded;
      let playFile: string;
      let set: PublishedSet;
      let audio: Track | undefined;
      let videos: { variant: Variant; track: Track; frames: Shown[] }[];

      before(async () => {
        source = await fileOf(clip);
        const transcode = await studio.upload(source);
        made = await transcode();
        playFile = studio.mediaUrl + made.playPath;
        set = await readPublishedSet(studio.mediaUrl + made.hlsPath, studio.folder);
        audio = set.audioUri === undefined ? undefined : await set.track(set.audioUri);
        videos = [];
        for (const variant of set.variants) {
          const track = await set.track(variant.uri);
          videos.push({ variant, track, frames: await shownFrames(track.path) });
        }
      });

      it('has every size up to its own, and none above', () => {
        const { width, height } = clip.shown;
        const short = Math.min(1, 1920 / Math.max(width, height)) * Math.min(width, height);
        const sides = set.variants.map((variant) => Math.min(variant.width, variant.height));
        assert.equal(new Set(sides).size, sides.length);
        assert.ok(Math.abs(Math.max(...sides) - Math.min(short, 1080)) <= short * 0.1, `${sides} of ${short}`);
        for (const { shortSidePixels } of standardLadder)
          if (shortSidePixels <= short) assert.ok(sides.includes(shortSidePixels), `${shortSidePixels} of ${sides}`);
        for (const variant of set.variants) {
          const size = `${variant.width}x${variant.height}`;
          assert.ok(variant.width <= width && variant.height <= height, size);
          const stretch = variant.width / variant.height / (width / height);
          assert.ok(Math.abs(stretch - 1) < 0.02, `${size} is stretched by ${stretch}`);
        }
      });

      it('changes between sizes at the same times, at most two seconds apart', () => {
        const [first = [], ...others] = videos.map(({ frames }) => keyframeTimes(frames));
        assert.ok(Math.abs(first[0] ?? Number.NaN) < roundingSeconds, `it begins at ${first[0]} s`);
        for (const times of others) assert.deepEqual(times, first);
        for (const [index, time] of first.entries()) assert.ok(time - (first[index - 1] ?? 0) < 2.03);
        for (const { track } of videos) assert.equal(track.segments.length, first.length);
      });

      it('plays as long as its source, to a frame', async () => {
        const expected = shownSeconds(await shownFrames(source));
        for (const { variant, track, frames } of videos) {
          const listed = track.segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
          const all = { shown: shownSeconds(frames), listed };
          for (const [which, seconds] of Object.entries(all)) {
            const isSame = Math.abs(seconds - expected) <= 1 / variant.framesPerSecond + roundingSeconds;
            assert.ok(isSame, `${which}: ${seconds} s instead of ${expected} s`);
          }
        }
      });

      it('has its sound with its pictures', async () => {
        assert.equal(audio !== undefined, clip.hasSound);
        if (!audio) return;
        const delay = soundDelay(await flashes(source), await beeps(source));
        const inFile = soundDelay(await flashes(playFile), await beeps(playFile));
        const inTracks = soundDelay(await flashes(videos[0]?.track.path ?? ''), await beeps(audio.path));
        for (const each of [inFile, inTracks])
          assert.ok(Math.abs(each - delay) < mostDelaySeconds, `${delay} s became ${each} s`);
      });

      it('needs no more of a line than its playlist says', () => {
        for (const { variant, track } of videos) {
          const peak = peakOf(track) + (audio ? peakOf(audio) : 0);
          assert.ok(peak <= 1.1 * variant.bandwidth, `${peak} bit/s where ${variant.bandwidth} are told`);
          assert.ok(variant.averageBandwidth <= variant.bandwidth);
        }
      });

      if (clip.isNatural)
        it('looks like its source', async () => {
          const frameRate = videos[0]?.variant.framesPerSecond.toFixed(3) ?? '';
          const { width, height } = made;
          const alike = await likeness({ made: playFile, source, width, height, frameRate });
          assert.ok(alike >= leastLikeness, `SSIM ${alike} at ${width}x${height}`);
        });

      it('plays in a browser in every size, and goes on after each jump', async () => {
        const whole = { url: `/media/${made.playPath}`, width: made.width, height: made.height };
        const sizes = set.variants.map(({ width, height }) => ({
          ...{ url: `/media/${made.hlsPath}`, size: `${width}x${height}`, width, height },
        }));
        for (const { width, height, ...asked } of [whole, ...sizes]) {
          const seen = await watch(browser, { page: player.url, frames: decodedFrames, ...asked });
          assert.deepEqual([seen.errors, seen.width, seen.height], [[], width, height], JSON.stringify(asked));
          assert.ok(seen.decodedFrames >= decodedFrames && seen.cameByRange, JSON.stringify(seen));
          assert.ok(Math.abs(seen.durationSeconds - made.durationMs / 1000) < 0.1, JSON.stringify(seen));
        }
      });
    });
});

const keyframeTimes = (frames: readonly Shown[]): number[] =>
  frames.flatMap(({ atSeconds, isKeyframe }) => (isKeyframe ? [atSeconds] : []));

/** The largest rate of a segment that is long enough to count for the standard: half of its target duration. */
const peakOf = ({ segments }: Track): number => {
  const rates = segments.flatMap(({ bytes, durationSeconds }) =>
    durationSeconds >= 1 ? [(8 * bytes) / durationSeconds] : [],
  );
  return Math.max(0, ...rates);
};
