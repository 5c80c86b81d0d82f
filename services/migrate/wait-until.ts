import { setTimeout as pause } from 'node:timers/promises';
import { isTemporary } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

interface Patience {
  what: string;
  logger: Logger;
  timeoutMs: number;
  intervalMs?: number;
}

/** Repeats work while its server is still coming up; what waiting does not cure, and the end of patience, is thrown. */
export async function waitUntil<Result>(
  work: () => Promise<Result>,
  { what, logger, timeoutMs, intervalMs = 1_000 }: Patience,
): Promise<Result> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (!isTemporary(cause)) throw new Error(`${what} cannot be used: ${reason}`, { cause });
      if (performance.now() > endMs) {
        throw new Error(`${what} did not answer within ${timeoutMs / 1000} s: ${reason}`, { cause });
      }
      logger.info({ reason }, `waiting for ${what}`);
      await pause(intervalMs);
    }
  }
}
