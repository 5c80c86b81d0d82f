import type { MediaFacts, Ratio, VideoFacts } from './facts.ts';
import { type Renditions, type Rung, renditionsOf } from './ladder.ts';

/** What is made of a file. */
export interface Plan {
  videoIndex: number;
  audioIndex: number | undefined;
  renditions: Renditions;
  frameRate: Ratio;
  /** A frame that can be decoded by itself comes this often, so that players can jump. */
  keyframeSeconds: number;
  /** Half pictures in turns, as old cameras store them, become whole ones. */
  isInterlaced: boolean;
  /** How the brightness of HDR pictures is stored; they are made darker for screens that cannot show it. */
  hdr: 'smpte2084' | 'arib-std-b67' | undefined;
  /** What is expected to be read; the longest that is accepted where the file does not say. */
  durationSeconds: number;
  /** Reading stops here, whatever the file says about its length. */
  readSeconds: number;
  /** For each of the runs that read the original. */
  wallClockMs: number;
}

const maxFramesPerSecond = 30;
const defaultFrameRate: Ratio = { over: 30, under: 1 };

/** As ffprobe names the orders of half pictures, and the curves of HDR10 and HLG. */
const interlacedOrders = ['tt', 'bb', 'tb', 'bt'];
const hdrTransfers = ['smpte2084', 'arib-std-b67'] as const;

/** The plan for a file that is accepted. Pure. */
export function planFor(
  { video, audio, durationSeconds }: MediaFacts & { video: VideoFacts },
  { maxDurationSeconds, ladder }: { maxDurationSeconds: number; ladder: readonly Rung[] },
): Plan {
  return {
    videoIndex: video.index,
    audioIndex: audio?.index,
    renditions: renditionsOf(video, ladder),
    frameRate: outputFrameRate(video.frameRate),
    keyframeSeconds: 2,
    isInterlaced: interlacedOrders.includes(video.fieldOrder ?? ''),
    hdr: hdrTransfers.find((transfer) => transfer === video.transfer),
    durationSeconds: durationSeconds ?? maxDurationSeconds,
    readSeconds: maxDurationSeconds + 1,
    wallClockMs: Math.ceil((30 + 8 * (durationSeconds ?? maxDurationSeconds)) * 1000),
  };
}

function outputFrameRate(source: Ratio | undefined): Ratio {
  if (!source) return defaultFrameRate;
  const framesPerSecond = source.over / source.under;
  if (framesPerSecond > maxFramesPerSecond) return defaultFrameRate;
  return framesPerSecond < 1 ? { over: 1, under: 1 } : source;
}
