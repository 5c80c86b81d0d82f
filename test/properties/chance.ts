import { seededRandom } from '../faults/random.ts';

/** Decisions that a seed takes. */
export interface Chance {
  /** A number in [0, 1). */
  number(): number;
  /** A whole number in [0, below). */
  below(limit: number): number;
  happens(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/** The same seed and purpose decide the same, whatever else is decided meanwhile. */
export function createChance(seed: string, purpose: string): Chance {
  const number = seededRandom(`${seed} ${purpose}`);
  const below = (limit: number) => Math.floor(number() * limit);
  return {
    number,
    below,
    happens: (probability) => number() < probability,
    pick: (values) => {
      if (values.length === 0) throw new Error('there is nothing to pick from');
      return values[below(values.length)] as (typeof values)[number];
    },
  };
}
