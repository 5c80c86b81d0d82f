import type { Redis } from '../../redis/connect.ts';
import type { Scripts } from '../../redis/scripts.ts';
import type { CountedEntity } from '../counts/columns.ts';
import type { Keys } from '../keys.ts';
import type { CacheFailure } from '../lookup/read-cached.ts';
import { longestMs } from '../lookup/recent.ts';

/** The scripts of this folder. */
export const touchedScripts = ['note'] as const;

/** Whether a caller has just changed an entity: no copy of before is then shown to them. */
export type IsTouched = (entity: CountedEntity, id: number) => boolean;

/** Who looks: the caller, undefined for an anonymous one, and what they have just changed. */
export interface Viewer {
  id: number | undefined;
  isTouched: Promise<IsTouched>;
}

/** What one action changed. */
export interface TouchedIds {
  users?: readonly number[];
  videos?: readonly number[];
}

export interface Touched {
  /** Remembers for a moment what a user changed; sent with the change itself. */
  note(userId: number, ids: TouchedIds): Promise<unknown>;
  /** Asks what a caller has just changed, through whatever process; that is everything when Redis cannot tell. */
  viewer(id: number | undefined): Viewer;
}

interface TouchedOptions {
  redis: Redis;
  keys: Keys;
  scripts: Scripts<(typeof touchedScripts)[number]>;
  onCacheFailure: CacheFailure;
}

/** By then every copy that a process read before the change is gone. */
const rememberedMs = 2 * longestMs;

const nothing: IsTouched = () => false;
const everything: IsTouched = () => true;
const nothingTouched = Promise.resolve(nothing);

/** Nobody in particular, who sees everything as it is now: for what is kept for a moment itself. */
export const anybody: Viewer = { id: undefined, isTouched: Promise.resolve(everything) };

/** Lets callers read their own writes though processes keep copies of what they read. */
export function createTouched({ redis, keys, scripts, onCacheFailure }: TouchedOptions): Touched {
  const touchedBy = async (userId: number): Promise<IsTouched> => {
    try {
      const names = await redis.zrange(keys.user.touched(userId), '0', '-1');
      const touched = new Set(names);
      return names.length === 0 ? nothing : (entity, id) => touched.has(`${entity}:${id}`);
    } catch (error) {
      onCacheFailure(error);
      return everything;
    }
  };

  return {
    note: (userId, { users = [], videos = [] }) =>
      scripts.note(
        [keys.user.touched(userId)],
        [rememberedMs, ...users.map((id) => `user:${id}`), ...videos.map((id) => `video:${id}`)],
      ),
    viewer: (id) => ({ id, isTouched: id === undefined ? nothingTouched : touchedBy(id) }),
  };
}
