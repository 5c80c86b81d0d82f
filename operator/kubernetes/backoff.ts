/** Delays that grow by a factor from the first to the longest. */
export interface Backoff {
  firstMs: number;
  longestMs: number;
  factor: number;
  /** Share of the delay that is added at random, so that many clients do not come back together. */
  jitter: number;
}

/** The delay before the next try, after so many failures in a row (1 after the first). Pure; `random` is in [0, 1). */
export function backoffMs({ firstMs, longestMs, factor, jitter }: Backoff, failures: number, random: number): number {
  const delayMs = Math.min(longestMs, firstMs * factor ** Math.max(0, failures - 1));
  return delayMs * (1 + jitter * random);
}

/** Retries of one call. */
export const callBackoff: Backoff = { firstMs: 100, longestMs: 5_000, factor: 2, jitter: 0.5 };

/** Lists and watches, as client-go's reflector. */
export const watchBackoff: Backoff = { firstMs: 800, longestMs: 30_000, factor: 2, jitter: 1 };

/** Keys of a work queue, as controller-runtime's default. */
export const keyBackoff: Backoff = { firstMs: 5, longestMs: 1_000_000, factor: 2, jitter: 0 };
