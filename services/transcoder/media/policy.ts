import type { MediaFacts, VideoFacts } from './facts.ts';
import { type Rung, shownSize } from './ladder.ts';
import { type Plan, planFor } from './plan.ts';

export interface Limits {
  maxDurationSeconds: number;
  /** Width × height of one frame. */
  maxPixels: number;
  /** The sizes that are made. */
  ladder: readonly Rung[];
}

/** Why a file is not transcoded: a code for metrics and a sentence for its author. Trying again changes nothing. */
export interface RefusalReason {
  code: string;
  sentence: string;
}

export const videoCodecs = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg'];
export const audioCodecs = ['aac', 'mp3', 'opus', 'vorbis', 'alac', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_u8'];
export const maxStreams = 8;

const minSidePixels = 16;
const maxAspect = 5;
/** Cameras for slow motion go up to 240; more is work without an end. */
const maxSourceFramesPerSecond = 250;
const maxChannels = 8;

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
  ({ audio }) =>
    (audio?.channels ?? 0) > maxChannels &&
    refusal('too-many-channels', `Its sound has ${audio?.channels} channels; at most ${maxChannels} are accepted.`),
  ({ video: { dolbyVisionProfile } }) =>
    dolbyVisionProfile === 5 &&
    refusal(
      'dolby-vision',
      'Its colours are in a form of Dolby Vision that cannot be converted. Export it as HDR10 or SDR.',
    ),
  ({ video: { frameRate } }) =>
    frameRate !== undefined &&
    frameRate.over / frameRate.under > maxSourceFramesPerSecond &&
    refusal(
      'frame-rate',
      `It claims more than the ${maxSourceFramesPerSecond} frames a second that are accepted. Export it with 30 or 60.`,
    ),
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

/** ffprobe gave up counting. */
export const tooManyTracks: RefusalReason = {
  code: 'too-many-streams',
  sentence: `The file has more than the ${maxStreams} tracks that are accepted.`,
};

const refusal = (code: string, sentence: string): RefusalReason => ({ code, sentence });

function aspectOf(video: VideoFacts): number {
  const { width, height } = shownSize(video);
  return Math.max(width, height) / Math.min(width, height);
}
