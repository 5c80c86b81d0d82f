import type { Limit } from '../../limit.ts';
import type { Knex } from '../../mysql/database.ts';
import type { Redis } from '../../redis/connect.ts';
import type { Script } from '../../redis/scripts.ts';
import type { Keys } from '../keys.ts';
import type { CacheFailure } from '../lookup/read-cached.ts';
import { timeToLiveMs, withJitter } from '../lookup/time-to-live.ts';
import { loadNewest, type MessageRow } from './load.ts';

interface NewestOptions {
  redis: Redis;
  db: Knex;
  keys: Keys;
  limitLoads: Limit;
  noteNewest: Script;
  onCacheFailure: CacheFailure;
}

/** The newest message of a chat, as one of the two sees it. */
export interface NewestMessage {
  content: string;
  isSent: boolean;
}

/** How long a hash of newest messages lives, in ms: from its first field on, as it is not told of all that goes wrong. */
export const newestTtlMs = (): number => withJitter(timeToLiveMs.newestMessages);

/** Chats of which a user's hash holds the newest message. */
export const maxNewest = 1_000;

/** How the newest message of a chat stands in the hash; time 0: there is none. */
export const newestText = (userId: number, row: MessageRow | undefined): string =>
  row ? `${row.createTime} ${row.fromUser === userId ? 1 : 0} ${row.content}` : '0 0 ';

function parseNewest(text: string): NewestMessage | undefined {
  const [, time, sent, content = ''] = /^(\d+) (\d) (.*)$/s.exec(text) ?? [];
  return time === '0' ? undefined : { content, isSent: sent === '1' };
}

export type FindNewest = (userId: number, otherIds: readonly number[]) => Promise<Map<number, NewestMessage>>;

/** Finds the newest message with each of some users; all that are not cached are asked of the rows at once. */
export function createNewest({ redis, db, keys, limitLoads, noteNewest, onCacheFailure }: NewestOptions): FindNewest {
  const readTexts = async (userId: number, otherIds: readonly number[]) => {
    try {
      return await redis.hmget(keys.user.newestMessages(userId), ...otherIds.map(String));
    } catch (error) {
      onCacheFailure(error);
      return undefined;
    }
  };
  const loadTexts = async (userId: number, otherIds: readonly number[]) => {
    const rows = await limitLoads(() => loadNewest(db, userId, otherIds));
    return otherIds.map((otherId) => [otherId, newestText(userId, rows.get(otherId))] as const);
  };

  return async (userId, otherIds) => {
    if (otherIds.length === 0) return new Map();
    const cached = await readTexts(userId, otherIds);
    const texts = new Map(
      otherIds.flatMap((otherId, index) => {
        const text = cached?.[index];
        return typeof text === 'string' ? [[otherId, text] as const] : [];
      }),
    );
    const missing = otherIds.filter((otherId) => !texts.has(otherId));
    if (missing.length > 0) {
      const loaded = await loadTexts(userId, missing);
      for (const [otherId, text] of loaded) texts.set(otherId, text);
      const args = [newestTtlMs(), maxNewest, ...loaded.flat()];
      if (cached) await noteNewest([keys.user.newestMessages(userId)], args).catch(onCacheFailure);
    }
    return new Map(
      [...texts].flatMap(([otherId, text]) => {
        const newest = parseNewest(text);
        return newest ? [[otherId, newest] as const] : [];
      }),
    );
  };
}
