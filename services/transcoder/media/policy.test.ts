import assert from 'node:assert/strict';
import type { MediaFacts, VideoFacts } from './facts.ts';
import { parseLadder } from './ladder.ts';
import type { Plan } from './plan.ts';
import { decide } from './policy.ts';

const ladder = parseLadder('360:800,480:1400,720:3000,1080:6000');
const limits = { maxDurationSeconds: 600, maxPixels: 9_000_000, ladder };

const phoneVideo: VideoFacts = {
  index: 0,
  codec: 'h264',
  width: 1920,
  height: 1080,
  rotationDegrees: 0,
  pixelAspect: 1,
  frameRate: { over: 30, under: 1 },
  fieldOrder: 'progressive',
  transfer: 'bt709',
  dolbyVisionProfile: undefined,
};

type Changes = Omit<Partial<MediaFacts>, 'video'> & { video?: Partial<VideoFacts> | undefined };

function buildFacts({ video = {}, ...changes }: Changes = {}): MediaFacts {
  const facts = { durationSeconds: 15, streamCount: 2, audio: { index: 1, codec: 'aac', channels: 2 }, ...changes };
  return { ...facts, video: { ...phoneVideo, ...video } };
}

const planOf = (facts: MediaFacts) => {
  const decision = decide(facts, limits);
  assert.ok('plan' in decision, 'refusal' in decision ? decision.refusal.code : '');
  return decision.plan;
};

describe('transcoding policy', () => {
  const sizes: [string, Partial<VideoFacts>, [number, number]][] = [
    ['1080p', {}, [1280, 720]],
    ['a vertical 1080p', { width: 1080, height: 1920 }, [720, 1280]],
    ['4K', { width: 3840, height: 2160 }, [1280, 720]],
    ['720p', { width: 1280, height: 720 }, [1280, 720]],
    ['a small picture, never enlarged', { width: 320, height: 240 }, [320, 240]],
    ['odd sides', { width: 641, height: 361 }, [640, 360]],
    ['odd sides after scaling', { width: 1000, height: 777 }, [926, 720]],
    ['a phone held upright', { rotationDegrees: -90 }, [720, 1280]],
    ['a phone upside down', { rotationDegrees: 180 }, [1280, 720]],
    ['a turned small picture', { width: 640, height: 360, rotationDegrees: 270 }, [360, 640]],
    ['wide pixels', { width: 720, height: 576, pixelAspect: 64 / 45 }, [1024, 576]],
    ['wide pixels, turned', { width: 720, height: 576, pixelAspect: 64 / 45, rotationDegrees: 90 }, [576, 1024]],
    ['cinema width', { width: 4096, height: 1716 }, [1718, 720]],
    ['a very wide picture', { width: 3000, height: 700 }, [1920, 448]],
    ['a square', { width: 1080, height: 1080 }, [720, 720]],
    ['the smallest picture', { width: 16, height: 16 }, [16, 16]],
    ['a vertical 4K', { width: 2160, height: 3840 }, [720, 1280]],
    ['a vertical 480p', { width: 480, height: 854 }, [480, 854]],
    ['DV with narrow pixels', { width: 720, height: 480, pixelAspect: 8 / 9 }, [640, 480]],
    ['DV with wide pixels', { width: 720, height: 480, pixelAspect: 32 / 27 }, [854, 480]],
    ['anamorphic HDV', { width: 1440, height: 1080, pixelAspect: 4 / 3 }, [1280, 720]],
    ['a turn by three quarters the other way', { rotationDegrees: -270 }, [720, 1280]],
    ['a whole turn', { rotationDegrees: 360 }, [1280, 720]],
    ['a picture exactly five times as wide', { width: 1600, height: 320 }, [1600, 320]],
    ['odd sides turned', { width: 853, height: 479, rotationDegrees: 90 }, [478, 852]],
    ['as many pixels as are accepted', { width: 3000, height: 3000 }, [720, 720]],
  ];
  for (const [name, video, [width, height]] of sizes) {
    it(`makes ${width}×${height} of ${name}`, () => {
      const { first } = planOf(buildFacts({ video })).renditions;
      assert.deepEqual([first.width, first.height], [width, height]);
    });
  }

  const rates: [string, VideoFacts['frameRate'], { over: number; under: number }][] = [
    ['keeps 25', { over: 25, under: 1 }, { over: 25, under: 1 }],
    ['keeps 29.97 exactly', { over: 30000, under: 1001 }, { over: 30000, under: 1001 }],
    ['lowers 60 to 30', { over: 60, under: 1 }, { over: 30, under: 1 }],
    ['lowers 240 to 30', { over: 240, under: 1 }, { over: 30, under: 1 }],
    ['keeps 24', { over: 24, under: 1 }, { over: 24, under: 1 }],
    ['keeps 23.976 exactly', { over: 24000, under: 1001 }, { over: 24000, under: 1001 }],
    ['lowers 59.94 to 30', { over: 60000, under: 1001 }, { over: 30, under: 1 }],
    ['keeps the mean of a rate that varies', { over: 1_234_567, under: 50_000 }, { over: 1_234_567, under: 50_000 }],
    ['keeps 10', { over: 10, under: 1 }, { over: 10, under: 1 }],
    ['takes 30 where it is unknown', undefined, { over: 30, under: 1 }],
    ['raises one frame a minute to one a second', { over: 1, under: 60 }, { over: 1, under: 1 }],
  ];
  for (const [what, frameRate, expected] of rates) {
    it(`${what} frames a second`, () => {
      assert.deepEqual(planOf(buildFacts({ video: { frameRate } })).frameRate, expected);
    });
  }

  it('bounds the rate by the size of the picture', () => {
    const rateOf = (height: number) =>
      planOf(buildFacts({ video: { width: 2 * height, height } })).renditions.first.maxKilobitsPerSecond;
    assert.deepEqual([240, 360, 362, 400, 480, 720, 1080].map(rateOf), [800, 800, 800, 1_400, 1_400, 3_000, 3_000]);
  });

  it('takes the tracks that the probe names, and goes without sound where there is none', () => {
    const plan = planOf(buildFacts({ video: { index: 2 }, audio: { index: 5, codec: 'opus', channels: 1 } }));
    assert.deepEqual([plan.videoIndex, plan.audioIndex], [2, 5]);
    assert.equal(planOf(buildFacts({ audio: undefined })).audioIndex, undefined);
  });

  it('gives more time to longer videos, and as much as to the longest where the length is unknown', () => {
    assert.equal(planOf(buildFacts({ durationSeconds: 15 })).wallClockMs, 150_000);
    assert.equal(planOf(buildFacts({ durationSeconds: 1.0232222 })).wallClockMs, 38_186);
    assert.equal(planOf(buildFacts({ durationSeconds: undefined })).wallClockMs, 4_830_000);
    assert.equal(planOf(buildFacts({ durationSeconds: undefined })).readSeconds, 601);
  });

  const accepted: [string, Changes, Partial<Plan>][] = [
    ['whole pictures as they are', {}, { isInterlaced: false, hdr: undefined }],
    ['HDR10', { video: { codec: 'hevc', transfer: 'smpte2084' } }, { hdr: 'smpte2084' }],
    ['HLG', { video: { codec: 'hevc', transfer: 'arib-std-b67' } }, { hdr: 'arib-std-b67' }],
    [
      'a form of Dolby Vision that is HLG too',
      { video: { dolbyVisionProfile: 8, transfer: 'arib-std-b67' } },
      { hdr: 'arib-std-b67' },
    ],
    ['a curve that nobody names', { video: { transfer: 'unknown' } }, { hdr: undefined }],
    ['half pictures, upper first', { video: { fieldOrder: 'tt' } }, { isInterlaced: true }],
    ['half pictures, lower first', { video: { fieldOrder: 'bb' } }, { isInterlaced: true }],
    ['half pictures in swapped order', { video: { fieldOrder: 'bt' } }, { isInterlaced: true }],
    ['an order that nobody names', { video: { fieldOrder: undefined } }, { isInterlaced: false }],
    ['VP8', { video: { codec: 'vp8' } }, { videoIndex: 0 }],
    ['VP9', { video: { codec: 'vp9' } }, { videoIndex: 0 }],
    ['AV1', { video: { codec: 'av1' } }, { videoIndex: 0 }],
    ['Motion JPEG', { video: { codec: 'mjpeg' } }, { videoIndex: 0 }],
    ['sound of 5.1 channels', { audio: { index: 1, codec: 'aac', channels: 6 } }, { audioIndex: 1 }],
    ['sound of 7.1 channels', { audio: { index: 1, codec: 'pcm_s16le', channels: 8 } }, { audioIndex: 1 }],
    [
      'sound before the picture',
      { video: { index: 1 }, audio: { index: 0, codec: 'mp3', channels: 1 } },
      { audioIndex: 0 },
    ],
    ['eight tracks', { streamCount: 8 }, { videoIndex: 0 }],
    ['just as long as is accepted', { durationSeconds: 600 }, { readSeconds: 601 }],
  ];
  for (const [what, changes, expected] of accepted) {
    it(`takes ${what}`, () => {
      assert.deepEqual({ ...planOf(buildFacts(changes)), ...expected }, planOf(buildFacts(changes)));
    });
  }

  const refusals: [string, MediaFacts, string][] = [
    ['no moving picture', { ...buildFacts(), video: undefined }, 'no-video'],
    ['nine tracks', buildFacts({ streamCount: 9 }), 'too-many-streams'],
    ['pictures in an unknown form', buildFacts({ video: { codec: 'gif' } }), 'video-codec'],
    ['a picture as main track', buildFacts({ video: { codec: 'png' } }), 'video-codec'],
    ['sound in an unknown form', buildFacts({ audio: { index: 1, codec: 'ac3', channels: 2 } }), 'audio-codec'],
    ['sound of ten channels', buildFacts({ audio: { index: 1, codec: 'aac', channels: 10 } }), 'too-many-channels'],
    ['colours that only Dolby knows', buildFacts({ video: { dolbyVisionProfile: 5 } }), 'dolby-vision'],
    ['90000 frames a second', buildFacts({ video: { frameRate: { over: 90_000, under: 1 } } }), 'frame-rate'],
    ['251 frames a second', buildFacts({ video: { frameRate: { over: 251, under: 1 } } }), 'frame-rate'],
    ['pictures of raw bytes', buildFacts({ video: { codec: 'rawvideo' } }), 'video-codec'],
    ['a track of text as picture', buildFacts({ video: { codec: 'ansi' } }), 'video-codec'],
    ['what ffprobe cannot name', buildFacts({ video: { codec: 'unknown' } }), 'video-codec'],
    [
      'sound that ffprobe cannot name',
      buildFacts({ audio: { index: 1, codec: 'unknown', channels: 0 } }),
      'audio-codec',
    ],
    ['a thousand tracks', buildFacts({ streamCount: 1000 }), 'too-many-streams'],
    ['a tiny width', buildFacts({ video: { width: 8, height: 8 } }), 'too-small'],
    ['a row of pixels too many', buildFacts({ video: { width: 3000, height: 3001 } }), 'too-large'],
    ['a tower', buildFacts({ video: { width: 300, height: 1501 } }), 'too-narrow'],
    ['a tower that lies', buildFacts({ video: { width: 1501, height: 300, rotationDegrees: 90 } }), 'too-narrow'],
    ['a part of a second too much', buildFacts({ durationSeconds: 600.5 }), 'too-long'],
    ['no size', buildFacts({ video: { width: 0, height: 0 } }), 'unreadable'],
    ['a tiny side', buildFacts({ video: { width: 1920, height: 8 } }), 'too-small'],
    ['an enormous frame', buildFacts({ video: { width: 8000, height: 8000 } }), 'too-large'],
    ['a thread of pixels', buildFacts({ video: { width: 4000, height: 400 } }), 'too-narrow'],
    ['pixels that make a thread', buildFacts({ video: { pixelAspect: 100 } }), 'too-narrow'],
    ['a second too much', buildFacts({ durationSeconds: 601 }), 'too-long'],
    ['ten hours', buildFacts({ durationSeconds: 36_000 }), 'too-long'],
  ];
  for (const [what, facts, code] of refusals) {
    it(`refuses ${what} with a sentence`, () => {
      const decision = decide(facts, limits);
      assert.ok('refusal' in decision);
      assert.equal(decision.refusal.code, code);
      assert.match(decision.refusal.sentence, /^[A-Z].{20,200}\.$/);
    });
  }
});
