import type { MediaFacts, Ratio, VideoFacts } from './facts.ts';

/** What is made of a file. */
export interface Plan {
  videoIndex: number;
  audioIndex: number | undefined;
  width: number;
  height: number;
  frameRate: Ratio;
  /** A frame that can be decoded by itself comes this often, so that players can jump. */
  keyframeSeconds: number;
  /** Half pictures in turns, as old cameras store them, become whole ones. */
  isInterlaced: boolean;
  /** How the brightness of HDR pictures is stored; they are made darker for screens that cannot show it. */
  hdr: 'smpte2084' | 'arib-std-b67' | undefined;
  maxVideoKilobitsPerSecond: number;
  /** Reading stops here, whatever the file says about its length. */
  readSeconds: number;
  wallClockMs: number;
}

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

/** As ffprobe names the orders of half pictures, and the curves of HDR10 and HLG. */
const interlacedOrders = ['tt', 'bb', 'tb', 'bt'];
const hdrTransfers = ['smpte2084', 'arib-std-b67'] as const;

/** The plan for a file that is accepted. Pure. */
export function planFor(
  { video, audio, durationSeconds }: MediaFacts & { video: VideoFacts },
  { maxDurationSeconds }: { maxDurationSeconds: number },
): Plan {
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
    isInterlaced: interlacedOrders.includes(video.fieldOrder ?? ''),
    hdr: hdrTransfers.find((transfer) => transfer === video.transfer),
    maxVideoKilobitsPerSecond: kilobits,
    readSeconds: maxDurationSeconds + 1,
    wallClockMs: Math.ceil((30 + 8 * (durationSeconds ?? maxDurationSeconds)) * 1000),
  };
}

/** The size at which people see the picture: square pixels, upright. */
export function shownSize({ width, height, pixelAspect, rotationDegrees }: VideoFacts): {
  width: number;
  height: number;
} {
  const wide = width * pixelAspect;
  const isTurned = Math.abs(Math.round(rotationDegrees / 90)) % 2 === 1;
  return isTurned ? { width: height, height: wide } : { width: wide, height };
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
