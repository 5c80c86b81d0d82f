import type { Limit } from '../../limit.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import { createFill } from './fill.ts';
import { cutPage, type Page, readPage } from './page.ts';
import { type CacheFailure, readCached } from './read-cached.ts';
import { timeToLiveMs, withJitter } from './time-to-live.ts';

export interface NewestListOptions {
  redis: Redis;
  limitLoads: Limit;
  claim: Script;
  storeList: Script;
  onCacheFailure: CacheFailure;
}

/** A page by the revisions of its entries. */
export interface RevisionPage {
  /** The exclusive cursor that the page before gave. */
  beforeRevision?: number | undefined;
  limit: number;
}

/** A list of an owner, such as the comments of a video; the revision of the owner's counters orders it. */
interface Source<Entry> {
  keysOf: (ownerId: number) => { list: string; lease: string; changes: string };
  /** So many of the newest entries are cached when they are loaded; older ones come from the rows. */
  maxCached: number;
  livesMs: number;
  /** The revision of the owner's counters. */
  loadRevision: (ownerId: number) => Promise<number>;
  loadEntries: (ownerId: number, page: RevisionPage) => Promise<Entry[]>;
  /** How an entry stands in the sorted set, and back. */
  memberOf: (entry: Entry) => string | number;
  parse: (member: string, revision: number) => Entry;
}

export interface NewestList<Entry> {
  /** A page, the newest entry first. */
  page(ownerId: number, page: RevisionPage): Promise<Page<Entry>>;
  /** What `read` finds in the cached list, after a load when it is missing; undefined when the rows have to be asked. */
  throughCache<Value>(ownerId: number, read: () => Promise<Value | undefined>): Promise<Value | undefined>;
}

interface Loaded<Entry> {
  base: number;
  entries: Entry[];
}

const cursorOf = ({ revision }: { revision: number }) => revision;

/** Lists whose newest entries are cached, and whose older ones come from the rows: exact however long they are. */
export function createNewestList<Entry extends { revision: number }>(
  { keysOf, maxCached, livesMs, loadRevision, loadEntries, memberOf, parse }: Source<Entry>,
  { redis, limitLoads, claim, storeList, onCacheFailure }: NewestListOptions,
): NewestList<Entry> {
  const loadNewest = async (ownerId: number): Promise<Loaded<Entry>> => {
    const base = await loadRevision(ownerId); // first: the rows then hold all that was committed until this revision
    return { base, entries: await loadEntries(ownerId, { limit: maxCached + 1 }) };
  };
  const load = async (ids: readonly number[]) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await limitLoads(() => loadNewest(id))] as const)));
  const store = async (id: number, { base, entries }: Loaded<Entry> = { base: 0, entries: [] }, token: string) => {
    const { list, lease, changes } = keysOf(id);
    const floor = entries[maxCached]?.revision ?? 0;
    const scored = entries.slice(0, maxCached).flatMap((entry) => [entry.revision, memberOf(entry)]);
    const args = [token, withJitter(livesMs), timeToLiveMs.doubt, floor, base, ...scored];
    return (await storeList([list, lease, changes], args)) === 1;
  };
  const keyOf = (id: number) => keysOf(id).list;
  const fill = createFill({ keyOf, leaseOf: (id: number) => keysOf(id).lease, load, store }, claim);
  const throughCache = <Value>(ownerId: number, read: () => Promise<Value | undefined>) =>
    readCached({ read, fill: () => fill([ownerId]), onCacheFailure });

  return {
    throughCache,
    page: async (ownerId, { beforeRevision, limit }) => {
      const query = { key: keyOf(ownerId), before: beforeRevision, limit };
      const cached = await throughCache(ownerId, () => readPage(redis, query, { parse, cursorOf }));
      if (cached) return cached;
      const rows = await limitLoads(() => loadEntries(ownerId, { beforeRevision, limit: limit + 1 }));
      return cutPage(rows, limit, cursorOf);
    },
  };
}
