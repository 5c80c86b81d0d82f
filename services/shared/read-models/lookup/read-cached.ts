import { ApiError } from '../../errors.ts';

/** Told when Redis could not be asked; the answer then comes from the rows. */
export type CacheFailure = (error: unknown) => void;

const maxReads = 3;

/**
 * Reads what is cached, after a fill when it is missing. Undefined when Redis cannot be asked, or other writers keep
 * voiding the fill: the caller then asks the rows.
 */
export async function readCached<Value>(options: {
  read: () => Promise<Value | undefined>;
  fill: () => Promise<void>;
  onCacheFailure: CacheFailure;
}): Promise<Value | undefined> {
  try {
    for (let read = 0; read < maxReads; read += 1) {
      if (read > 0) await options.fill();
      const value = await options.read();
      if (value !== undefined) return value;
    }
  } catch (error) {
    if (error instanceof ApiError) throw error; // too much is waiting for the rows already
    options.onCacheFailure(error);
  }
  return undefined;
}
