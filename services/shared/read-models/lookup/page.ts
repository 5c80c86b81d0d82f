import type { Redis } from '../../redis/connect.ts';
import { parseScored } from './ordered-set.ts';

/** A page of a list that is ordered by a score, the highest first. */
export interface Page<Entry> {
  entries: Entry[];
  /** The exclusive cursor of the next page, when there is one. */
  nextCursor?: number;
}

/** What may stand in a page: its score is the cursor of what comes after it. */
export interface PageForm<Entry> {
  parse: (member: string, score: number) => Entry;
  cursorOf: (entry: Entry) => number;
}

/** The page out of the entries that were asked for: one more than it may have, when there are more. */
export function cutPage<Entry>(
  entries: readonly Entry[],
  limit: number,
  cursorOf: PageForm<Entry>['cursorOf'],
): Page<Entry> {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return entries.length > limit && last ? { entries: page, nextCursor: cursorOf(last) } : { entries: page };
}

interface PageQuery {
  key: string;
  /** Only what has a lower score. */
  before?: number | undefined;
  limit: number;
}

/**
 * Reads a page out of a sorted set that holds all entries above its `floor`, which stands in it below zero. Undefined when
 * the list is not cached; null when the page reaches below what is.
 */
export async function readPage<Entry>(
  redis: Redis,
  { key, before, limit }: PageQuery,
  { parse, cursorOf }: PageForm<Entry>,
): Promise<Page<Entry> | null | undefined> {
  const [reply, floor] = await Promise.all([
    redis.zrevrangebyscore(
      key,
      before === undefined ? '+inf' : `(${before}`,
      '(0',
      'WITHSCORES',
      'LIMIT',
      0,
      limit + 1,
    ),
    redis.zscore(key, 'floor'), // after the range: a list that was dropped in between is then noticed
  ]);
  if (floor === null) return undefined;
  const entries = parseScored(reply, parse);
  return entries.length > limit || Number(floor) === 0 ? cutPage(entries, limit, cursorOf) : null;
}
