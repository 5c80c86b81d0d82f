const minuteMs = 60_000;

/** How long each kind of key lives, in ms, before jitter. */
export const timeToLiveMs = {
  view: 30 * minuteMs,
  /** There is no such user or video. */
  absence: 0.5 * minuteMs,
  /** There is no such user or video yet. */
  unborn: minuteMs / 60,
  works: 30 * minuteMs,
  likes: 60 * minuteMs,
  follows: 60 * minuteMs,
  comments: 30 * minuteMs,
  messages: 30 * minuteMs,
  newestMessages: minuteMs,
  /** A copy of what a transaction is about to change, unless the change is told: the process may die in between. */
  doubt: minuteMs / 12,
  clock: 60 * minuteMs,
  feed: 10 * minuteMs,
} as const;

/** Spreads expiries by ±10 %, so that what was stored together is not missed together. */
export const withJitter = (ms: number): number => Math.round(ms * (0.9 + Math.random() / 5));
