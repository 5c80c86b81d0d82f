/** How much may be done in how much time; all of it may be done at once. */
export interface Rate {
  pieces: number;
  periodMs: number;
}

const minuteMs = 60_000;

export const perMinute = (pieces: number): Rate => ({ pieces, periodMs: minuteMs });
export const perDay = (pieces: number): Rate => ({ pieces, periodMs: 24 * 60 * minuteMs });
