/** How a still looks, judged by a small grey copy of it. */
export interface Look {
  /** 0 black to 255 white. */
  brightness: number;
  /** Standard deviation of brightness: 0 for a picture of one colour. */
  contrast: number;
}

/** The look of a grey picture of one byte a pixel. */
export function lookOf(pixels: Uint8Array): Look {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const values = [...pixels];
  const brightness = mean(values);
  return { brightness, contrast: Math.sqrt(mean(values.map((value) => (value - brightness) ** 2))) };
}

/** Good enough to stop looking: not dark, and something to be seen. */
export const isPresentable = ({ brightness, contrast }: Look): boolean => brightness >= 40 && contrast >= 8;

/** Larger is better: the best of bad stills is taken when there is no good one. */
export const scoreOf = ({ brightness, contrast }: Look): number => Math.min(brightness, 80) + Math.min(contrast, 40);

/** Where stills are taken, as shares of the duration, in the order in which they are tried. */
export const positions: readonly number[] = [0.1, 0.3, 0.5, 0.7, 0.9, 0];
