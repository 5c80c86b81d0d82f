import { pictureFilter } from './picture-filter.ts';
import type { Plan } from './plan.ts';
import { audioCodecs, maxStreams, videoCodecs } from './policy.ts';

/**
 * What every call that opens a foreign file is told. Playlists and scripts open as formats of their own whatever their
 * name is, and lead to other files: only the whitelist of formats stops them all. Codecs are named by their decoders.
 */
const formats = ['mov', 'matroska', 'webm', 'avi', 'flv', 'mpegts'];
const decoders = [...videoCodecs, 'libdav1d', ...audioCodecs, 'mp3float'];
/** ffprobe opens every stream; covers and subtitles are looked at by it and then left out. */
const bystanders = ['png', 'mov_text', 'srt', 'subrip', 'ssa', 'ass', 'webvtt', 'text'];

const quiet = ['-hide_banner', '-loglevel', 'error'];

const inputLimits = (codecs: readonly string[], maxPixels: number): string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', formats.join(',')],
  ...['-codec_whitelist', codecs.join(','), '-max_pixels', String(maxPixels), '-max_streams', String(maxStreams)],
  ...['-probesize', '5M', '-analyzeduration', '5M', '-max_alloc', '268435456'],
];

/** Arguments of ffprobe. */
export const probeArguments = (
  file: string,
  { maxPixels, entries }: { maxPixels: number; entries: string },
): string[] => [
  ...quiet,
  ...inputLimits([...decoders, ...bystanders], maxPixels),
  ...['-print_format', 'json', '-show_entries', entries, '-i', file],
];

export interface Output {
  file: string;
  options: string[];
}

/** One run of ffmpeg: options for its input, and its outputs. Paths are made by us, no text of a user is in it. */
export interface Command {
  input: string;
  inputOptions: string[];
  outputs: Output[];
}

interface Files {
  input: string;
  output: string;
}

interface Machine {
  maxPixels: number;
  threads: number;
}

const readForeign = ({ maxPixels, threads }: Machine): string[] => [
  '-nostdin',
  ...quiet,
  ...inputLimits(decoders, maxPixels),
  ...['-threads', String(threads)],
];

/** Nothing comes along that was not asked for: no other track, no place where it was filmed, no chapters. */
const onlyWhatIsMapped = ['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'];

/** The progressive MP4: H.264 High and AAC-LC, ready to play from its first bytes. */
export function encodeCommand(plan: Plan, { input, output }: Files, machine: Machine): Command {
  const { over, under } = plan.frameRate;
  const gopFrames = String(Math.max(1, Math.round((plan.keyframeSeconds * over) / under)));
  const rate = plan.maxVideoKilobitsPerSecond;
  const audio = plan.audioIndex === undefined ? [] : ['-map', `0:${plan.audioIndex}`];
  const sound = ['-c:a', 'aac', '-profile:a', 'aac_low', '-b:a', '128k', '-ar', '48000', '-ac', '2'];
  return {
    input,
    inputOptions: [...readForeign(machine), '-t', String(plan.readSeconds)],
    outputs: [
      {
        file: output,
        options: [
          ...['-map', `0:${plan.videoIndex}`, ...audio, ...onlyWhatIsMapped],
          ...['-vf', pictureFilter(plan)],
          ...['-t', String(plan.readSeconds)], // what fills a gap in the pictures is not bounded by what is read
          ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-threads', String(machine.threads)],
          ...['-crf', '23', '-maxrate', `${rate}k`, '-bufsize', `${2 * rate}k`],
          ...['-g', gopFrames, '-keyint_min', gopFrames, '-sc_threshold', '0', '-flags', '+cgop'],
          ...(plan.audioIndex === undefined ? ['-an'] : sound),
          ...['-max_muxing_queue_size', '1024', '-movflags', '+faststart', '-f', 'mp4'],
        ],
      },
    ],
  };
}

/** Side of the small grey picture by which a cover is judged. */
export const thumbSide = 32;

/** The most typical frame of the second after a position: as JPEG, and small and grey to be judged. */
export function coverCommand(
  { input, output, thumb }: Files & { thumb: string },
  atSeconds: number,
  machine: Machine,
): Command {
  const typical = 'thumbnail=n=24';
  const still = ['-map', '0:v:0', '-an', ...onlyWhatIsMapped, '-frames:v', '1'];
  return {
    input,
    inputOptions: [...readForeign(machine), '-ss', atSeconds.toFixed(3)],
    outputs: [
      {
        file: output,
        options: [
          ...still,
          '-vf',
          `${typical},format=yuvj420p`,
          '-c:v',
          'mjpeg',
          '-q:v',
          '3',
          '-update',
          '1',
          '-f',
          'image2',
        ],
      },
      {
        file: thumb,
        options: [
          ...still,
          '-vf',
          `${typical},scale=${thumbSide}:${thumbSide}:flags=area,format=gray`,
          '-c:v',
          'rawvideo',
          '-f',
          'rawvideo',
        ],
      },
    ],
  };
}
