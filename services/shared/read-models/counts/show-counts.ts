import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type CountedEntity, type Counters, ledgerOf } from './columns.ts';
import type { Counts, ViewKeys } from './counts.ts';

/**
 * Shows counters that a transaction of this process moved, after its token was taken away from the entity's changes: a
 * cached view shows the new counts, unless it shows later ones, and lives on, unless another transaction is not told: that
 * may be a later one of a process that died. Safe to repeat, in any order.
 */
export const createShowCounts =
  (counts: Counts) =>
  <Entity extends CountedEntity>(entity: Entity, viewKeys: ViewKeys, counters: Counters<Entity>): Promise<unknown> =>
    counts.refreshView(viewKeys, { ledger: ledgerOf(entity, counters), ttlMs: withJitter(timeToLiveMs.view) });
