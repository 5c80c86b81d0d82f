import { createKeys } from '../read-models/keys.ts';
import type { Redis } from '../redis/connect.ts';
import { loadScripts } from '../redis/scripts.ts';

/** A place in a list of users: the value that orders it, and the id among equal values. */
export interface UserCursor {
  value: number;
  userId: number;
}

/** What a warm-up does, in this order. */
export type WarmUpStage = 'feed' | 'videos' | 'followed' | 'active' | 'finished';

/** How far a warm-up has come. A cursor is the last one of its list that was loaded. */
export interface WarmUpProgress {
  stage: WarmUpStage;
  videos: number;
  users: number;
  publishedAtMs?: number;
  followed?: UserCursor;
  active?: UserCursor;
  startedAtMs: number;
  finishedAtMs?: number;
}

/** A warm-up that has filled this cache, or is filling it. */
export interface WarmUpReport {
  run: string;
  progress: WarmUpProgress;
}

export const warmUpScripts = ['advance', 'begin'] as const;

/** Keeps the progress of warm-ups in the cache that they fill: with the cache it is lost, which is how a loss shows. */
export async function createWarmUpProgress({ redis, keyPrefix }: { redis: Redis; keyPrefix: string }) {
  const scripts = await loadScripts(redis, new URL('./', import.meta.url), warmUpScripts);
  const key = createKeys(keyPrefix).warmUp();
  return {
    /** The progress of a run that was cut off, else what is handed in. */
    begin: async (run: string, beginning: WarmUpProgress): Promise<WarmUpProgress> =>
      JSON.parse(String(await scripts.begin([key], [run, JSON.stringify(beginning)]))),

    /** False when the cache was lost meanwhile, or belongs to another run. */
    advance: async (run: string, progress: WarmUpProgress): Promise<boolean> =>
      (await scripts.advance([key], [run, JSON.stringify(progress)])) === 1,
  };
}

export type WarmUpNotes = Awaited<ReturnType<typeof createWarmUpProgress>>;

/** What was noted last; undefined when the cache has never been warmed, or was lost. */
export async function readWarmUp(redis: Redis, keyPrefix: string): Promise<WarmUpReport | undefined> {
  const { run, progress } = await redis.hgetall(createKeys(keyPrefix).warmUp());
  return run && progress ? { run, progress: JSON.parse(progress) } : undefined;
}
