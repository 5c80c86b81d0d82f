import type { Scripts } from '../../redis/scripts.ts';
import { type CountedEntity, countsFormat } from './columns.ts';

/** The scripts of this folder. */
export const countScripts = ['claim-check', 'move-pending', 'write-view'] as const;

/** The keys of one user's or one video's view, all in its slot. */
export interface ViewKeys {
  entity: CountedEntity;
  view: string;
  lease: string;
  sums: string;
  /** set: tokens of transactions that move the counts, of which not all is told yet */
  changes: string;
}

/** One count that likes move ahead of the rows. */
export interface PendingKeys {
  pending: string;
  sums: string;
  early: string;
  column: number;
}

/** A like as one count sees it: `actor` names who likes what. */
export interface PendingMove {
  action: 'pend' | 'settle';
  actor: string;
  version: number;
  liked: boolean;
  /** What the settled count holds of it. */
  base: boolean;
  /** The version of which that is known, 0 when it is not. */
  baseVersion: number;
}

/** A loaded card and its counters, and the right to store them. */
export interface LoadedView {
  card: string;
  ledger: string;
  token: string;
  ttlMs: number;
  /** While the counts of a transaction are not told. */
  ttlInDoubtMs: number;
}

/** What a view is moved to; without anything, it shows what is pending now. */
interface Refresh {
  /** What the rows hold. */
  ledger?: string | undefined;
  /** Time to live from now on: the view is no longer in doubt. */
  ttlMs?: number;
  /** When pending likes are compared with the rows, if the ledger may hold some of them; at once when absent. */
  compareAtMs?: number;
}

/** A time that has passed. */
const atOnceMs = 1;

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);

const formats = { user: countsFormat('user'), video: countsFormat('video') };

/** The scripts of the counts in words. */
export const createCounts = (scripts: Scripts<(typeof countScripts)[number]>) => ({
  movePending: ({ pending, sums, early, column }: PendingKeys, moves: readonly PendingMove[]) => {
    const args = moves.flatMap(({ action, actor, version, liked, base, baseVersion }) => [
      ...[action, actor, version],
      ...[bit(liked), bit(base), baseVersion],
    ]);
    return scripts.movePending([pending, sums, early], [column, ...args]);
  },

  /** Shows what is pending now, and newer settled counts where given. */
  refreshView: ({ entity, view, lease, sums, changes }: ViewKeys, { ledger = '', ttlMs, compareAtMs }: Refresh = {}) =>
    scripts.writeView([view, lease, sums, changes], [formats[entity], ledger, compareAtMs ?? atOnceMs, ttlMs ?? '']),

  /** False when a write voided the lease since the load began. */
  storeView: async ({ entity, view, lease, sums, changes }: ViewKeys, loaded: LoadedView): Promise<boolean> =>
    (await scripts.writeView(
      [view, lease, sums, changes],
      [formats[entity], loaded.ledger, atOnceMs, loaded.ttlMs, loaded.ttlInDoubtMs, loaded.token, loaded.card],
    )) === 1,

  /** Whether the caller is the one who compares what is overdue with the rows. */
  claimCheck: async (sums: string, againAfterMs: number): Promise<boolean> =>
    (await scripts.claimCheck([sums], [againAfterMs])) === 1,
});

export type Counts = ReturnType<typeof createCounts>;
