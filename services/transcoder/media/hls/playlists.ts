import type { Ratio } from '../facts.ts';
import type { FragmentedFile, Segment } from './fragmented-file.ts';

/** The playlist of one file, by ranges of its bytes (RFC 8216 §4.3). */
export function mediaPlaylist(fileName: string, { initBytes, segments }: FragmentedFile): string {
  const lines = segments.flatMap(({ durationSeconds, offset, bytes }) => [
    `#EXTINF:${durationSeconds.toFixed(6)},`,
    `#EXT-X-BYTERANGE:${bytes}@${offset}`,
    fileName,
  ]);
  return playlist(
    `#EXT-X-TARGETDURATION:${targetSeconds(segments)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-MAP:URI="${fileName}",BYTERANGE="${initBytes}@0"`,
    ...lines,
    '#EXT-X-ENDLIST',
  );
}

export interface VariantFile {
  uri: string;
  file: FragmentedFile;
  width: number;
  height: number;
  frameRate: Ratio;
}

interface Master {
  variants: readonly VariantFile[];
  audio: { uri: string; file: FragmentedFile } | undefined;
  /** Names of what lies beside it, for players that show previews: our own data ids → file names. */
  beside: Readonly<Record<string, string>>;
}

/**
 * The playlist that leads to all sizes of a video; its rates are measured at the files. The first one is what players
 * without an estimate begin with.
 */
export function masterPlaylist({ variants, audio, beside }: Master): string {
  const sound = audio
    ? [
        `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="original",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="${audio.uri}"`,
      ]
    : [];
  const data = Object.entries(beside).map(
    ([name, file]) => `#EXT-X-SESSION-DATA:DATA-ID="dev.tiktoklite.${name}",VALUE="${file}"`,
  );
  return playlist(
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...data,
    ...sound,
    ...variants.flatMap((variant) => variantOf(variant, audio?.file)),
  );
}

function variantOf({ uri, file, width, height, frameRate }: VariantFile, audio: FragmentedFile | undefined): string[] {
  const files = audio ? [file, audio] : [file];
  const sum = (rateOf: (segments: readonly Segment[]) => number) =>
    files.reduce((total, { segments }) => total + rateOf(segments), 0);
  const attributes = [
    `BANDWIDTH=${sum(peakBitsPerSecond)}`,
    `AVERAGE-BANDWIDTH=${sum(meanBitsPerSecond)}`,
    `CODECS="${files.map(({ codec }) => codec).join(',')}"`,
    `RESOLUTION=${width}x${height}`,
    `FRAME-RATE=${(frameRate.over / frameRate.under).toFixed(3)}`,
    ...(audio ? ['AUDIO="audio"'] : []),
  ];
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri];
}

/**
 * The largest rate of any run of segments that lasts between half and one and a half target durations, which is how
 * RFC 8216 §4.1 defines the peak; the mean of a video that is shorter than that.
 */
export function peakBitsPerSecond(segments: readonly Segment[]): number {
  const target = targetSeconds(segments);
  let peak = 0;
  for (const from of segments.keys()) {
    let [bytes, seconds] = [0, 0];
    for (const segment of segments.slice(from)) {
      bytes += segment.bytes;
      seconds += segment.durationSeconds;
      if (seconds > 1.5 * target) break;
      if (seconds >= 0.5 * target) peak = Math.max(peak, (8 * bytes) / seconds);
    }
  }
  return Math.ceil(peak) || meanBitsPerSecond(segments);
}

export function meanBitsPerSecond(segments: readonly Segment[]): number {
  const bytes = segments.reduce((total, segment) => total + segment.bytes, 0);
  const seconds = segments.reduce((total, segment) => total + segment.durationSeconds, 0);
  return Math.ceil((8 * bytes) / seconds);
}

/** No segment rounds to more than this. */
const targetSeconds = (segments: readonly Segment[]): number =>
  Math.max(1, ...segments.map(({ durationSeconds }) => Math.round(durationSeconds)));

/** Version 7: fragmented MP4 behind EXT-X-MAP. */
const playlist = (...lines: string[]): string => ['#EXTM3U', '#EXT-X-VERSION:7', ...lines, ''].join('\n');
