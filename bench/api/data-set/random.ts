export type Random = () => number;

/** Numbers in [0, 1) that a seed decides (mulberry32): pairs of them fill the plane evenly, as those of an LCG do not. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A prime that divides no size of a data set: multiplied by it, indexes are scattered over the whole range, each once. */
const stride = 7919;

/** The place of an index in an order that looks random; a permutation of 0 … count - 1. */
export const scattered = (index: number, count: number): number => (index * stride) % count;

/** Few of a crowd get most of everything: the more so, the nearer to 1. */
const zipfExponent = 0.8;

/** Draws indexes below `count` by Zipf's law; which ones are popular has nothing to do with their order. */
export function zipfian(random: Random, count: number): Random {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += (rank + 1) ** -zipfExponent;
    cumulative[rank] = sum;
  }
  return () => scattered(firstAbove(cumulative, random() * sum), count);
}

function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Different pairs of what two sources draw, ascending. */
export function distinctPairs(from: Random, to: Random, count: number): [from: number, to: number][] {
  const bound = 2 ** 26;
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const [a, b] = [from(), to()];
    if (a !== b) drawn.add(a * bound + b);
  }
  return [...Float64Array.from(drawn).sort()].map((pair) => [Math.floor(pair / bound), pair % bound]);
}
