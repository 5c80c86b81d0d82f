import type { VideoFacts } from './facts.ts';

/** A size that people may be given, and what its pictures may cost. */
export interface Rung {
  shortSidePixels: number;
  /** Peak rate of its pictures, in kilobits a second: players on thin lines get no bursts. */
  maxKilobitsPerSecond: number;
}

/** One size of a video that is made. */
export interface Rendition {
  /** By its short side, for example `720p`. */
  name: string;
  width: number;
  height: number;
  maxKilobitsPerSecond: number;
}

/** All sizes of a video, in the order in which they are made. */
export interface Renditions {
  /** What everybody can play: it is published before the others, and as a progressive file. */
  first: Rendition;
  /** The others, the largest first. */
  others: readonly Rendition[];
}

/** The largest size that is made first: good on a phone, and made in half of the time of 1080p. */
const firstShortSidePixels = 720;
/** Very wide pictures stay within what players decode. */
const longSidePixels = 1920;
/** A source between two rungs gets a size of its own only if it is larger than the lower one by this factor. */
const worthAnotherSize = 1.1;

/**
 * Which sizes are made of a video: every rung up to its own size, which is never exceeded; a source between two rungs, or
 * below all of them, is kept at its own size with the rate of the rung above. Pure.
 */
export function renditionsOf(video: VideoFacts, ladder: readonly Rung[]): Renditions {
  const shown = shownSize(video);
  const short = Math.min(shown.width, shown.height);
  const rungs = ladder.toSorted((a, b) => a.shortSidePixels - b.shortSidePixels);
  const below = rungs.filter(({ shortSidePixels }) => shortSidePixels <= short);
  const above = rungs[below.length];
  const needsOwnSize = above && short > (below.at(-1)?.shortSidePixels ?? 0) * worthAnotherSize;
  const made = oneOfEachSize([...below, ...(needsOwnSize ? [above] : [])].map((rung) => renditionOf(shown, rung)));
  const isFirst = ({ width, height }: Rendition) => Math.min(width, height) <= firstShortSidePixels;
  const first = made.findLast(isFirst) ?? made[0] ?? renditionOf(shown, rungs[0] ?? standardRung);
  return { first, others: made.filter((rendition) => rendition !== first).reverse() };
}

/** The long side bounds very wide pictures on several rungs to one size. */
const oneOfEachSize = (made: readonly Rendition[]): Rendition[] =>
  made.filter(({ name }, index) => made[index + 1]?.name !== name);

const standardRung: Rung = { shortSidePixels: firstShortSidePixels, maxKilobitsPerSecond: 3_000 };

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
function renditionOf(shown: { width: number; height: number }, rung: Rung): Rendition {
  const { shortSidePixels, maxKilobitsPerSecond } = rung;
  const short = Math.min(shown.width, shown.height);
  const long = Math.max(shown.width, shown.height);
  const factor = Math.min(1, shortSidePixels / short, longSidePixels / long);
  const [width, height] = [even(shown.width * factor), even(shown.height * factor)];
  return { name: `${Math.min(width, height)}p`, width, height, maxKilobitsPerSecond };
}

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2 - 0.01));

/** Reads what the settings say: "short side:kilobits a second,…". */
export const parseLadder = (text: string): Rung[] =>
  text.split(',').map((rung) => {
    const [shortSidePixels = 0, maxKilobitsPerSecond = 0] = rung.split(':').map(Number);
    return { shortSidePixels, maxKilobitsPerSecond };
  });
