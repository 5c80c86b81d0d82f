import type { MediaFacts, Ratio, VideoFacts } from './facts.ts';

export interface Limits {
  maxDurationSeconds: number;
  /** Width × height of one frame. */
  maxPixels: number;
}

/** Why a file is not transcoded: a code for metrics and a sentence for its author. Trying again changes nothing. */
export interface RefusalReason {
  code: string;
  sentence: string;
}

/** What is made of a file. */
export interface Plan {
  videoIndex: number;
  audioIndex: number | undefined;
  width: number;
  height: number;
  frameRate: Ratio;
  /** A frame that can be decoded by itself comes this often, so that players can jump. */
  keyframeSeconds: number;
  maxVideoKilobitsPerSecond: number;
  /** Reading stops here, whatever the file says about its length. */
  readSeconds: number;
  wallClockMs: number;
}

export const videoCodecs = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg'];
export const audioCodecs = ['aac', 'mp3', 'opus', 'vorbis', 'alac', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_u8'];
export const maxStreams = 8;

const minSidePixels = 16;
const maxAspect = 5;
/** 720p: the short side; the long one is bounded so that very wide pictures stay within what players decode. */
const shortSidePixels = 720;
const longSidePixels = 1920;
const maxFramesPerSecond = 30;
const defaultFrameRate: Ratio = { over: 30, under: 1 };

/** Peak rate by the short side of the picture, in kilobits a second: players with thin lines get no bursts. */
const maxRates = [
  { uptoShortSide: 360, kilobits: 800 },
  { uptoShortSide: 480, kilobits: 1_400 },
  { uptoShortSide: Number.POSITIVE_INFINITY, kilobits: 3_000 },
];

type Check = (facts: MediaFacts & { video: VideoFacts }, limits: Limits) => RefusalReason | false;

const checks: readonly Check[] = [
  ({ streamCount }) =>
    streamCount > maxStreams &&
    refusal('too-many-streams', `The file has ${streamCount} tracks; at most ${maxStreams} are accepted.`),
  ({ video }) =>
    !videoCodecs.includes(video.codec) &&
    refusal('video-codec', `Its pictures are stored as ${video.codec}, which is not accepted. Export it as H.264.`),
  ({ audio }) =>
    audio !== undefined &&
    !audioCodecs.includes(audio.codec) &&
    refusal('audio-codec', `Its sound is stored as ${audio.codec}, which is not accepted. Export it as AAC.`),
  ({ video: { width, height } }, { maxPixels }) =>
    width * height === 0 &&
    refusal(
      'unreadable',
      `Its pictures cannot be decoded, or have more than the ${maxPixels} pixels that are accepted.`,
    ),
  ({ video: { width, height } }) =>
    Math.min(width, height) < minSidePixels &&
    refusal('too-small', `Its pictures have ${width}×${height} pixels; each side needs at least ${minSidePixels}.`),
  ({ video: { width, height } }, { maxPixels }) =>
    width * height > maxPixels && tooManyPixels({ width, height }, maxPixels),
  ({ video }) =>
    aspectOf(video) > maxAspect &&
    refusal('too-narrow', `One side of its pictures is more than ${maxAspect} times as long as the other.`),
  ({ durationSeconds = 0 }, { maxDurationSeconds }) =>
    durationSeconds > maxDurationSeconds && tooLong(maxDurationSeconds),
];

/** Decides what happens to a file by what it says about itself. Pure. */
export function decide(facts: MediaFacts, limits: Limits): { plan: Plan } | { refusal: RefusalReason } {
  const { video } = facts;
  if (!video) return { refusal: refusal('no-video', 'The file has no moving picture.') };
  for (const check of checks) {
    const reason = check({ ...facts, video }, limits);
    if (reason) return { refusal: reason };
  }
  return { plan: planFor({ ...facts, video }, limits) };
}

export const tooLong = (maxDurationSeconds: number): RefusalReason =>
  refusal('too-long', `The video is longer than the ${maxDurationSeconds} seconds that are accepted.`);

export const tooManyPixels = ({ width, height }: { width: number; height: number }, maxPixels: number): RefusalReason =>
  refusal('too-large', `Its pictures have ${width}×${height} pixels; at most ${maxPixels} in all are accepted.`);

const refusal = (code: string, sentence: string): RefusalReason => ({ code, sentence });

function planFor({ video, audio, durationSeconds }: MediaFacts & { video: VideoFacts }, limits: Limits): Plan {
  const { width, height } = outputSize(video);
  const shortSide = Math.min(width, height);
  const { kilobits = 0 } = maxRates.find(({ uptoShortSide }) => shortSide <= uptoShortSide) ?? {};
  return {
    videoIndex: video.index,
    audioIndex: audio?.index,
    width,
    height,
    frameRate: outputFrameRate(video.frameRate),
    keyframeSeconds: 2,
    maxVideoKilobitsPerSecond: kilobits,
    readSeconds: limits.maxDurationSeconds + 1,
    wallClockMs: Math.ceil((30 + 8 * (durationSeconds ?? limits.maxDurationSeconds)) * 1000),
  };
}

/** The size at which people see the picture: square pixels, upright. */
function shownSize({ width, height, pixelAspect, rotationDegrees }: VideoFacts): { width: number; height: number } {
  const wide = width * pixelAspect;
  const isTurned = Math.abs(Math.round(rotationDegrees / 90)) % 2 === 1;
  return isTurned ? { width: height, height: wide } : { width: wide, height };
}

function aspectOf(video: VideoFacts): number {
  const { width, height } = shownSize(video);
  return Math.max(width, height) / Math.min(width, height);
}

/** Never larger than the source, and even, as 4:2:0 needs it. */
function outputSize(video: VideoFacts): { width: number; height: number } {
  const shown = shownSize(video);
  const short = Math.min(shown.width, shown.height);
  const long = Math.max(shown.width, shown.height);
  const factor = Math.min(1, shortSidePixels / short, longSidePixels / long);
  return { width: even(shown.width * factor), height: even(shown.height * factor) };
}

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2 - 0.01));

function outputFrameRate(source: Ratio | undefined): Ratio {
  if (!source) return defaultFrameRate;
  const framesPerSecond = source.over / source.under;
  if (framesPerSecond > maxFramesPerSecond) return defaultFrameRate;
  return framesPerSecond < 1 ? { over: 1, under: 1 } : source;
}
