import { Cluster } from 'ioredis';
import type { Redis } from './connect.ts';

/**
 * The texts of some keys, null where there is none, in one wave. A cluster takes one command only for one slot, so each
 * key is asked for by itself there, and what one node serves travels together.
 */
export const getMany = (redis: Redis, keys: readonly string[]): Promise<(string | null)[]> =>
  redis instanceof Cluster ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget([...keys]);
