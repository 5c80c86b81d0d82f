import type { Rendition } from './ladder.ts';
import type { Plan } from './plan.ts';

const pixels = ({ width, height }: Rendition): number => width * height;

/** What follows the last picture: packaging and storing. */
const storingPercent = 3;

/** Turns seconds of output of the two encoding runs into percents of the whole job, which never go back. */
export function createShares(
  { renditions: { first, others }, durationSeconds }: Pick<Plan, 'renditions' | 'durationSeconds'>,
  onProgress: (percent: number) => void,
) {
  const all = [first, ...others].reduce((sum, rendition) => sum + pixels(rendition), 0);
  const firstPercent = (100 - storingPercent) * (pixels(first) / all);
  const part = (from: number, to: number) => (seconds: number) =>
    onProgress(Math.floor(from + (to - from) * Math.min(1, seconds / durationSeconds)));
  return { first: part(0, firstPercent), others: part(firstPercent, 100 - storingPercent) };
}
