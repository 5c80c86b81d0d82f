/**
 * An id has 53 bits, so that it is exact as a JSON number: 37 bits of 10 ms ticks since 2026, 8 bits of worker, 8 bits
 * of sequence. Arithmetic instead of shifts, which JavaScript does on 32 bits.
 */
export const tickMs = 10;
export const epochMs = Date.UTC(2026, 0, 1);
export const workers = 256;
export const idsPerTick = 256;
const maxTick = 2 ** 37 - 1;

/** The tick in which a time in Unix milliseconds lies. */
export const tickOf = (timeMs: number): number => Math.floor((timeMs - epochMs) / tickMs);

export function composeId({ tick, worker, sequence }: { tick: number; worker: number; sequence: number }): number {
  if (tick < 0 || tick > maxTick)
    throw new RangeError(`the time of the database server is outside what ids can hold (tick ${tick})`);
  return (tick * workers + worker) * idsPerTick + sequence;
}

/** The Unix milliseconds at which an id was made, to 10 ms and at most a second early or late. */
export const timeOfId = (id: number): number => Math.floor(id / (workers * idsPerTick)) * tickMs + epochMs;
