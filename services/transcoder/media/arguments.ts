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

export interface Machine {
  maxPixels: number;
  threads: number;
}

/** Options before every input. */
export const readForeign = ({ maxPixels, threads }: Machine): string[] => [
  '-nostdin',
  ...quiet,
  ...inputLimits(decoders, maxPixels),
  ...['-threads', String(threads)],
];

/** Nothing comes along that was not asked for: no other track, no place where it was filmed, no chapters. */
export const onlyWhatIsMapped = ['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'];

/** What the null muxer is given: it writes nothing. */
export const nowhere = '-';
