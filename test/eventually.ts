import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMs = 10;
const longestPauseMs = 250;

/**
 * Reads until what comes is truthy, and answers it. What `read` throws counts as not yet. Fails with what was waited for
 * and with what was seen last.
 */
export async function eventually<Found>(
  what: string,
  read: () => Found | Promise<Found>,
  seconds = 60,
): Promise<Exclude<NonNullable<Found>, false>> {
  const deadlineMs = performance.now() + seconds * 1000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const { found, error } = await attempt(read);
    if (found) return found as Exclude<NonNullable<Found>, false>;
    if (performance.now() > deadlineMs) {
      const last = error instanceof Error ? error.message : JSON.stringify(error ?? found);
      throw new Error(`waited ${seconds} s for this: ${what}; last seen: ${last}`, { cause: error });
    }
    await pause(pauseMs);
  }
}

/** Repeats a check until it throws no more; fails with its last error. */
export async function eventuallyHolds<Seen>(check: () => Seen | Promise<Seen>, seconds = 60): Promise<Seen> {
  const { seen } = await eventually('a check to pass', async () => ({ seen: await check() }), seconds).catch(
    (failure: Error) => {
      throw failure.cause;
    },
  );
  return seen;
}

async function attempt<Found>(read: () => Found | Promise<Found>): Promise<{ found?: Found; error?: unknown }> {
  try {
    return { found: await read() };
  } catch (error) {
    return { error };
  }
}
