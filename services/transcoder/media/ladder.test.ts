import assert from 'node:assert/strict';
import type { VideoFacts } from './facts.ts';
import { type Rendition, type Rung, renditionsOf } from './ladder.ts';

const ladder: Rung[] = [
  { shortSidePixels: 360, maxKilobitsPerSecond: 800 },
  { shortSidePixels: 480, maxKilobitsPerSecond: 1_400 },
  { shortSidePixels: 720, maxKilobitsPerSecond: 3_000 },
  { shortSidePixels: 1080, maxKilobitsPerSecond: 6_000 },
];

const video = (width: number, height: number, changes: Partial<VideoFacts> = {}): VideoFacts => ({
  ...{ index: 0, codec: 'h264', width, height, rotationDegrees: 0, pixelAspect: 1 },
  ...{ frameRate: undefined, fieldOrder: undefined, transfer: undefined, dolbyVisionProfile: undefined },
  ...changes,
});

const text = ({ width, height }: Rendition) => `${width}x${height}`;
const made = (facts: VideoFacts, rungs = ladder) => {
  const { first, others } = renditionsOf(facts, rungs);
  return [text(first), ...others.map(text)];
};

describe('the ladder of sizes', () => {
  const cases: [string, VideoFacts, string[]][] = [
    ['1080p', video(1920, 1080), ['1280x720', '1920x1080', '854x480', '640x360']],
    ['a vertical 1080p', video(1080, 1920), ['720x1280', '1080x1920', '480x854', '360x640']],
    ['4K', video(3840, 2160), ['1280x720', '1920x1080', '854x480', '640x360']],
    ['720p, without a larger size', video(1280, 720), ['1280x720', '854x480', '640x360']],
    ['a size between two rungs, kept', video(800, 600), ['800x600', '640x480', '480x360']],
    ['a size between 720p and 1080p', video(1600, 900), ['1280x720', '1600x900', '854x480', '640x360']],
    ['a size that is hardly larger than a rung', video(666, 500), ['640x480', '480x360']],
    ['a small picture, never enlarged', video(320, 240), ['320x240']],
    ['just the lowest rung', video(640, 360), ['640x360']],
    ['a phone held upright', video(1920, 1080, { rotationDegrees: 90 }), made(video(1080, 1920))],
    ['wide pixels', video(720, 576, { pixelAspect: 64 / 45 }), ['1024x576', '854x480', '640x360']],
    ['cinema width, no wider than players decode', video(4096, 1716), ['1718x720', '1920x804', '1146x480', '860x360']],
    ['a very wide picture, whose sizes fall together', video(3000, 700), ['1920x448', '1542x360']],
    ['odd sides', video(641, 361), ['640x360']],
    ['the smallest picture', video(16, 16), ['16x16']],
  ];
  for (const [what, facts, expected] of cases) {
    it(`is ${expected.join(', ')} for ${what}`, () => assert.deepEqual(made(facts), expected));
  }

  it('bounds each size by its rung, a size between two by the upper one', () => {
    const { first, others } = renditionsOf(video(800, 600), ladder);
    assert.deepEqual(
      [first, ...others].map(({ name, maxKilobitsPerSecond }) => [name, maxKilobitsPerSecond]),
      [
        ['600p', 3_000],
        ['480p', 1_400],
        ['360p', 800],
      ],
    );
  });

  it('may be one rung, and in any order', () => {
    const [, , rung] = ladder;
    assert.deepEqual(made(video(1920, 1080), rung ? [rung] : []), ['1280x720']);
    assert.deepEqual(made(video(1920, 1080), ladder.toReversed()), made(video(1920, 1080)));
    assert.deepEqual(made(video(3840, 2160), [{ shortSidePixels: 1080, maxKilobitsPerSecond: 1 }]), ['1920x1080']);
  });
});
