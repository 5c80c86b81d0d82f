import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script, Scripts } from '../../redis/scripts.ts';
import type { PublishedVideo } from '../changes.ts';
import type { Keys } from '../keys.ts';
import { createFill } from '../lookup/fill.ts';
import { orderedMember, parseOrderedMember, parseScored } from '../lookup/ordered-set.ts';
import { type CacheFailure, readCached } from '../lookup/read-cached.ts';
import { createRecent } from '../lookup/recent.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type FeedEntry, loadFeed } from './load.ts';

/** The scripts of this folder. */
export const feedScripts = ['add', 'store'] as const;

interface FeedOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  scripts: Scripts<(typeof feedScripts)[number]>;
  claim: Script;
  /** How many of the newest videos are cached. */
  cacheSize: number;
  onCacheFailure: CacheFailure;
  now: () => number;
}

export interface FeedPage {
  entries: FeedEntry[];
  /** The exclusive cursor of the next page, 0 on the last one. */
  nextTimeMs: number;
}

interface FeedQuery {
  beforeMs?: number | undefined;
  limit: number;
}

export interface Feed {
  page(query: FeedQuery): Promise<FeedPage>;
  /** A page as it was at most a second ago; whoever asks in the meantime gets the same object. */
  glance(query: FeedQuery): Promise<FeedPage>;
  add(video: PublishedVideo): Promise<void>;
}

/** So many pages a process keeps for a moment. */
const maxCopies = 300;
/** Players ask for what is before now, by their own clock, under ever new names: that is the newest page. */
const nowMeansMs = 60_000;

/** There is one feed; the fill knows it by this number. */
const theFeed = 0;

/** The feed: the newest videos from Redis, older ones from the rows, both by the time of publication. */
export function createFeed({ redis, db, keys, limitLoads, scripts, claim, ...options }: FeedOptions): Feed {
  const key = keys.feed.newest();
  const lease = keys.feed.newestLease();

  const load = async () => {
    const rows = await limitLoads(() => loadFeed(db, { limit: options.cacheSize + 1 }));
    return new Map([[theFeed, rows]]);
  };
  const store = async (_: number, rows: readonly FeedEntry[] = [], token: string) => {
    const floor = rows.length > options.cacheSize ? (rows[options.cacheSize]?.publishedAtMs ?? 0) : 0;
    const members = rows.slice(0, options.cacheSize).flatMap((entry) => [orderedMember(entry), entry.publishedAtMs]);
    return (await scripts.store([key, lease], [token, withJitter(timeToLiveMs.feed), floor, ...members])) === 1;
  };
  const fill = createFill({ keyOf: () => key, leaseOf: () => lease, load, store }, claim);

  /** Undefined when the feed is not cached; null when the page reaches below what is. */
  const readPage = async (beforeMs: number | undefined, limit: number): Promise<FeedPage | null | undefined> => {
    const upper = beforeMs === undefined ? '+inf' : `(${beforeMs}`;
    const [reply, floor] = await Promise.all([
      redis.zrevrangebyscore(key, upper, '(0', 'WITHSCORES', 'LIMIT', 0, limit + 1),
      redis.zscore(key, 'floor'), // after the range: a rise of the floor in between is then noticed
    ]);
    if (floor === null) return undefined;
    const entries = parseScored(reply, parseOrderedMember).map(({ score, ...entry }) => ({
      ...entry,
      publishedAtMs: score,
    }));
    return entries.length > limit || Number(floor) === 0 ? cutPage(entries, limit) : null;
  };

  const page: Feed['page'] = async ({ beforeMs, limit }) => {
    const cached = await readCached({
      read: () => readPage(beforeMs, limit),
      fill: () => fill([theFeed]),
      onCacheFailure: options.onCacheFailure,
    });
    return cached ?? cutPage(await limitLoads(() => loadFeed(db, { beforeMs, limit: limit + 1 })), limit);
  };

  const recent = createRecent<string, FeedPage>({ maxEntries: maxCopies, now: options.now });
  const copied = async (query: FeedQuery): Promise<FeedPage> => {
    const name = `${query.beforeMs ?? 'newest'} ${query.limit}`;
    const copy = recent.get(name);
    if (copy) return copy;
    const askedAtMs = recent.now();
    const read = await page(query);
    recent.set(name, read, askedAtMs);
    return read;
  };

  return {
    page,
    glance: async (query) => {
      const { beforeMs = Number.POSITIVE_INFINITY, limit } = query;
      if (beforeMs < Date.now() - nowMeansMs) return copied(query);
      const newest = await copied({ limit });
      return (newest.entries[0]?.publishedAtMs ?? 0) < beforeMs ? newest : copied(query);
    },
    add: async (video) => {
      await scripts.add([key, lease], [orderedMember(video), video.publishedAt, options.cacheSize]);
    },
  };
}

/** One more entry than the page holds tells that there is a next one. */
function cutPage(entries: readonly FeedEntry[], limit: number): FeedPage {
  const page = entries.slice(0, limit);
  return { entries: page, nextTimeMs: entries.length > limit ? (page.at(-1)?.publishedAtMs ?? 0) : 0 };
}
