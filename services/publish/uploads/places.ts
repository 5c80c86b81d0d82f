import { randomUUID } from 'node:crypto';
import { ApiError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Redis } from '../../shared/redis/connect.ts';
import { loadScripts } from '../../shared/redis/scripts.ts';
import { createSeldom } from '../../shared/seldom.ts';

export interface Places {
  /** Takes one of the holder's places; returns what gives it back. Rejects when all of them are taken. */
  hold(holder: string): Promise<() => void>;
}

interface Options {
  redis: Redis;
  logger: Logger;
  keyPrefix: string;
  /** How many a holder has, in all processes together. */
  places: number;
  /** A process that died gives its places back after this time. */
  holdMs?: number;
}

/** sorted set: uploads of one holder that are on their way */
const keyOf = (prefix: string, holder: string): string => `${prefix}:{${holder}}:uploads`;

/** Places of uploads that are on their way at the same time; while Redis is away each process counts its own. */
export async function createPlaces(options: Options): Promise<Places> {
  const { redis, logger, keyPrefix, places, holdMs = 60_000 } = options;
  const { hold } = await loadScripts(redis, new URL('./', import.meta.url), ['hold']);
  const heldHere = new Map<string, number>();
  const seldom = createSeldom();

  const countHere = (holder: string, step: 1 | -1) => {
    const held = (heldHere.get(holder) ?? 0) + step;
    if (held > 0) heldHere.set(holder, held);
    else heldHere.delete(holder);
  };
  const ask = async (key: string, token: string): Promise<boolean> => {
    try {
      return (await hold([key], [token, places, holdMs])) === 1;
    } catch (error) {
      seldom(() => logger.warn({ error }, 'Redis cannot count uploads: each process limits its own until it is back'));
      return true;
    }
  };
  return {
    hold: async (holder) => {
      const [key, token] = [keyOf(keyPrefix, holder), randomUUID()];
      if ((heldHere.get(holder) ?? 0) >= places) throw tooMany();
      countHere(holder, 1);
      if (!(await ask(key, token))) {
        countHere(holder, -1);
        throw tooMany();
      }
      const keeping = setInterval(() => void ask(key, token), holdMs / 3);
      keeping.unref();
      return () => {
        clearInterval(keeping);
        countHere(holder, -1);
        redis.zrem(key, token).catch(() => undefined); // free all the same in a while
      };
    },
  };
}

const retryAfterSeconds = 5;

const tooMany = (): ApiError =>
  new ApiError('too_many_requests', 'too many uploads at once: wait until one of them has ended', {
    retryAfterSeconds,
  });
