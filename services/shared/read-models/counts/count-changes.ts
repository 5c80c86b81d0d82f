import type { Redis } from '../../redis/connect.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type CountedEntity, type Counters, ledgerOf } from './columns.ts';
import type { Counts, ViewKeys } from './counts.ts';

/** How long no load may store a view: it may have read the counters before the commit. */
const voidLeaseMs = 1000;

/** What a process tells of counters that it moves in a transaction of its own. */
export const createCountChanges = ({ redis, counts }: { redis: Redis; counts: Counts }) => ({
  /**
   * Right before the commit: nobody stores what was loaded until then, and the cached view ends within seconds unless
   * the new counts follow. So a process that dies in between leaves no wrong count for long. Rejects when Redis is away.
   */
  counting: async ({ view, lease }: ViewKeys): Promise<void> => {
    await Promise.all([
      redis.set(lease, 'a transaction', 'PX', voidLeaseMs),
      redis.pexpire(view, timeToLiveMs.doubt, 'LT'),
    ]);
  },

  /** After the commit: a cached view shows the new counts, unless it shows later ones; safe to repeat, in any order. */
  counted: async <Entity extends CountedEntity>(
    entity: Entity,
    viewKeys: ViewKeys,
    counters: Counters<Entity>,
  ): Promise<void> => {
    await Promise.all([
      counts.refreshView(viewKeys, ledgerOf(entity, counters)),
      redis.pexpire(viewKeys.view, withJitter(timeToLiveMs.view)),
    ]);
  },
});
