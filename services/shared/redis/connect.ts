import { Redis } from 'ioredis';
import type { SettingsOf } from '../settings.ts';

export type { Redis } from 'ioredis';

type CacheSettings = Pick<SettingsOf<'like-writer'>, 'CACHE_HOST' | 'CACHE_PORT' | 'CACHE_PASSWORD'>;

/**
 * A connection that comes back by itself for ever. While it is away commands fail at once instead of waiting in a
 * queue: a request can then fall back or say so. Commands of one tick travel together.
 */
export const connectRedis = (settings: CacheSettings): Redis => {
  const redis = new Redis({
    host: settings.CACHE_HOST,
    port: settings.CACHE_PORT,
    password: settings.CACHE_PASSWORD,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false, // a script that was cut off may have run: its caller decides
    connectTimeout: 3_000,
    commandTimeout: 2_000,
    retryStrategy: (attempts) => Math.min(100 * 2 ** attempts, 2_000) * (0.75 + Math.random() / 4),
  });
  redis.on('error', () => undefined); // the commands that fail say so; without a listener ioredis prints to the console
  return redis;
};

/** A readiness check without a round trip: a lost connection is noticed by itself. */
export const redisAnswers = (redis: Redis) => (): boolean => redis.status === 'ready';

/** Waits for the first connection; rejects with the reason when there is none in time. */
export const untilReady = (redis: Redis, timeoutMs = 30_000): Promise<void> =>
  new Promise((resolve, reject) => {
    if (redis.status === 'ready') return resolve();
    let reason = 'no answer';
    const remember = (error: Error) => {
      reason = error.message;
    };
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      redis.off('error', remember);
      redis.off('ready', ready);
      settle();
    };
    const ready = () => finish(resolve);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`Redis cannot be reached at ${addressOf(redis)}: ${reason}`))),
      timeoutMs,
    );
    redis.on('error', remember);
    redis.once('ready', ready);
  });

const addressOf = ({ options }: Redis): string => `${options.host}:${options.port}`;
