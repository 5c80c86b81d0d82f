import type { Random } from '../data-set/random.ts';

/** So many items, from the whole length of a list. */
export const pickEvenly = <Item>(items: readonly Item[], count: number): Item[] =>
  items.filter(
    (_, index) => Math.floor((index * count) / items.length) !== Math.floor(((index - 1) * count) / items.length),
  );

/** One of the items, whichever. */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('there is nothing to pick from');
  return item;
}
