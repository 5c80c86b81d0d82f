import { perMinute, type Rate } from '../rate-limits/rate.ts';
import { createRateLimits, type RateLimits } from '../rate-limits/rate-limits.ts';
import type { Redis } from '../redis/connect.ts';
import { quietLogger } from './read-models/fixture.ts';

const plenty: Rate = perMinute(1_000_000);

/** Limits that count in Redis as those of a platform do, and that no test reaches. */
export const generousLimits = <const Action extends string>(
  redis: Redis,
  keyPrefix: string,
  actions: readonly Action[],
): Promise<RateLimits<Action>> =>
  createRateLimits({
    ...{ redis, logger: quietLogger },
    config: { CACHE_KEY_PREFIX: keyPrefix, HTTP_TRUSTED_CIDRS: 'none', LIMIT_EXEMPT_CIDRS: 'none' },
    allowances: Object.fromEntries(actions.map((action) => [action, { perUser: plenty, perIp: plenty }])) as Record<
      Action,
      { perUser: Rate; perIp: Rate }
    >,
  });
