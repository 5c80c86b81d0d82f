import type { Redis } from '../../redis/connect.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { type CountedEntity, type Counters, ledgerOf } from './columns.ts';
import type { Counts, ViewKeys } from './counts.ts';

/**
 * What a process tells of counters that it moves in a transaction of its own. From before the commit until it has told
 * everything, a token of the transaction is among the entity's changes.
 */
export const createCountChanges = ({ redis, counts }: { redis: Redis; counts: Counts }) => ({
  /**
   * Beside the token: the cached view ends within seconds unless the new counts follow, and so does one that is loaded in
   * the meantime. So a process that dies leaves no wrong count for long. Rejects when Redis is away.
   */
  counting: ({ view }: ViewKeys): Promise<unknown> => redis.pexpire(view, timeToLiveMs.doubt, 'LT'),

  /**
   * After the token was taken away: a cached view shows the new counts, unless it shows later ones, and lives on, unless
   * another transaction is not told: that may be a later one of a process that died. Safe to repeat, in any order.
   */
  counted: <Entity extends CountedEntity>(
    entity: Entity,
    viewKeys: ViewKeys,
    counters: Counters<Entity>,
  ): Promise<unknown> => counts.refreshView(viewKeys, ledgerOf(entity, counters), withJitter(timeToLiveMs.view)),
});
