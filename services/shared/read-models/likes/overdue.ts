import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Counts, PendingKeys, PendingMove, ViewKeys } from '../counts/counts.ts';
import type { LoadedRow } from '../counts/views.ts';
import type { CacheFailure } from '../lookup/read-cached.ts';
import { type LikeRow, loadLikeRows } from './load.ts';
import { actorOf, type TrackedCounts } from './tracked-counts.ts';

interface OverdueOptions {
  redis: Redis;
  db: Knex;
  counts: Counts;
  trackedCounts: TrackedCounts;
  onCacheFailure: CacheFailure;
}

/** A pending count, and whose like of what stands behind the name of an actor there. */
interface Comparison {
  keys: PendingKeys;
  likeOf: (actor: string) => { userId: number; videoId: number };
}

interface Check {
  view: ViewKeys;
  load: () => Promise<LoadedRow | undefined>;
  comparisons: readonly Comparison[];
}

export interface OverdueChecks {
  /** Compares one view's pending likes with the rows, if that is due; true when the view was written. */
  run(check: Check): Promise<boolean>;
  comparisonsOfUser(userId: number): Comparison[];
  comparisonsOfVideo(videoId: number): Comparison[];
}

/**
 * Pending likes are first compared after some seconds (move-pending.lua); what is still pending then waits for a like
 * writer that is behind, and is looked at seldom.
 */
const checkAgainAfterMs = 60_000;
/** Where likes are written all the time, a check finds counts that have moved since: that alone is no reason for the next. */
const checkAfterCheckMs = 1_000;
/** How many pending likes of a count one check compares. */
const sampleSize = 200;

/**
 * The like writer forgets a pending like when its row is written. Where that message is lost (a flushed or restarted
 * Redis, a process that died in between), whoever reads an overdue count compares it with the rows, one caller at a time.
 */
export function createOverdueChecks(options: OverdueOptions): OverdueChecks {
  const { redis, db, counts, trackedCounts, onCacheFailure } = options;

  const settle = async ({ keys, likeOf }: Comparison): Promise<void> => {
    const reply = await redis.hrandfield(keys.pending, sampleSize);
    const actors = [reply].flat().filter((actor) => typeof actor === 'string');
    const rows = await loadLikeRows(db, actors.map(likeOf));
    const rowByLike = new Map(rows.map((row) => [actorOf.received(row), row]));
    await counts.movePending(
      keys,
      actors.flatMap((actor) => settlementOf(actor, rowByLike.get(actorOf.received(likeOf(actor))))),
    );
  };

  return {
    run: async ({ view, load, comparisons }) => {
      try {
        if (!(await counts.claimCheck(view.sums, checkAgainAfterMs))) return false;
        await Promise.all(comparisons.map(settle));
        const loaded = await load(); // after the rows of the likes: the counters hold at least those
        await counts.refreshView(view, { ledger: loaded?.ledger, compareAtMs: Date.now() + checkAfterCheckMs });
        return true;
      } catch (error) {
        onCacheFailure(error);
        return false;
      }
    },
    comparisonsOfVideo: (videoId) => [
      { keys: trackedCounts.ofVideo(videoId), likeOf: (actor) => ({ userId: Number(actor), videoId }) },
    ],
    comparisonsOfUser: (userId) => [
      { keys: trackedCounts.given(userId), likeOf: (actor) => ({ userId, videoId: numbersOf(actor)[0] }) },
      {
        keys: trackedCounts.received(userId),
        likeOf: (actor) => ({ userId: numbersOf(actor)[0], videoId: numbersOf(actor)[1] }),
      },
    ],
  };
}

const numbersOf = (actor: string): [number, number] => {
  const [first, second] = actor.split(':');
  return [Number(first), Number(second)];
};

const settlementOf = (actor: string, row: LikeRow | undefined): PendingMove[] =>
  row
    ? [
        {
          action: 'settle',
          actor,
          ...{ version: row.version, baseVersion: row.version },
          ...{ liked: row.liked, base: row.liked },
        },
      ]
    : [];
