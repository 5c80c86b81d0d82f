import { ApiError } from '../errors.ts';
import type { Context } from '../http/context.ts';
import type { Logger } from '../logger.ts';
import type { Redis } from '../redis/connect.ts';
import { loadScripts } from '../redis/scripts.ts';
import { createSeldom } from '../seldom.ts';
import type { SettingsOf } from '../settings.ts';
import { clientAddress } from './client-address.ts';
import { createLimitKeys } from './keys.ts';
import { createLocalBuckets } from './local-buckets.ts';
import { clientNetwork, parseNetworks } from './networks.ts';
import type { Rate } from './rate.ts';

/** How often something may be done by one user, and from one address. */
export interface Allowance {
  perUser?: Rate;
  perIp?: Rate;
}

interface Taking {
  /** The name that the caller wants to log in with: it counts as the user, whether it exists or not. */
  account?: string;
  pieces?: number;
}

export interface RateLimits<Action extends string> {
  /**
   * Counts an action of the caller and of their address; rejects with `too_many_requests` when it comes too early. Its
   * commands are sent at once: awaited together with the first reads of a request they cost no wave of their own.
   */
  take(ctx: Context, action: Action, taking?: Taking): Promise<void>;
  /** What the caller's address counts as; undefined for one that is exempt. */
  networkOf(ctx: Context): string | undefined;
}

interface Options<Action extends string> {
  redis: Redis;
  logger: Logger;
  config: Pick<SettingsOf<'auth'>, 'CACHE_KEY_PREFIX' | 'HTTP_TRUSTED_CIDRS' | 'LIMIT_EXEMPT_CIDRS'>;
  allowances: Readonly<Record<Action, Allowance>>;
}

/** Rate limits, counted in Redis for all processes together; while it is away each process counts for itself. */
export async function createRateLimits<Action extends string>(options: Options<Action>): Promise<RateLimits<Action>> {
  const { redis, logger, config, allowances } = options;
  const { take: takeScript } = await loadScripts(redis, new URL('./', import.meta.url), ['take']);
  const keys = createLimitKeys(config.CACHE_KEY_PREFIX);
  const trusted = parseNetworks('HTTP_TRUSTED_CIDRS', config.HTTP_TRUSTED_CIDRS);
  const exempt = parseNetworks('LIMIT_EXEMPT_CIDRS', config.LIMIT_EXEMPT_CIDRS);
  const takeLocally = createLocalBuckets();
  const seldom = createSeldom();

  const takeFrom = async (key: string, rate: Rate, pieces: number): Promise<number> => {
    try {
      return Number(await takeScript([key], [Math.round((rate.periodMs * 1000) / rate.pieces), rate.pieces, pieces]));
    } catch (error) {
      seldom(() => logger.warn({ error }, 'Redis cannot count requests: each process limits its own until it is back'));
      return takeLocally(key, rate, pieces);
    }
  };
  const userKey = (ctx: Context, action: Action, account: string | undefined): string | undefined => {
    if (account !== undefined) return keys.account(account, action);
    return ctx.state.viewerId === undefined ? undefined : keys.user(ctx.state.viewerId, action);
  };
  const networkOf = (ctx: Context): string | undefined => {
    const address = clientAddress(ctx.req, trusted);
    return exempt.contain(address) ? undefined : clientNetwork(address);
  };

  return {
    networkOf,
    take: async (ctx, action, { account, pieces = 1 } = {}) => {
      const network = networkOf(ctx);
      if (network === undefined) return;
      const { perUser, perIp } = allowances[action];
      const user = userKey(ctx, action, account);
      const waits = await Promise.all([
        perUser && user !== undefined ? takeFrom(user, perUser, pieces) : 0,
        perIp ? takeFrom(keys.network(network, action), perIp, pieces) : 0,
      ]);
      const waitMs = Math.max(...waits);
      if (waitMs > 0) throw tooMany(action, Math.ceil(waitMs / 1000));
    },
  };
}

const tooMany = (action: string, retryAfterSeconds: number): ApiError => {
  const when = retryAfterSeconds === 1 ? 'in a second' : `in ${retryAfterSeconds} seconds`;
  return new ApiError('too_many_requests', `too many ${action}: try again ${when}`, { retryAfterSeconds });
};
