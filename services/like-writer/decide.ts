import type { LikeEvent } from '../shared/topics.ts';

/** A row of `favorite` as it is now. */
export interface ExistingLike {
  userId: number;
  videoId: number;
  liked: boolean;
  version: number;
}

/** How much counters move. */
export interface UserDelta {
  given: number;
  received: number;
}

export interface Decision {
  inserts: LikeEvent[];
  updates: LikeEvent[];
  /** Only counters that move. */
  userDeltas: Map<number, UserDelta>;
  videoDeltas: Map<number, number>;
  /** What the rows hold afterwards, for every row that an event names, changed or not; ascending by user and video. */
  settled: LikeEvent[];
}

/**
 * What a batch of events does to the rows that are there: the latest version of each (user, video) wins, and counters
 * move by what really changes. Pure, so duplicates, reordering and repetition change nothing.
 */
export function decide(events: readonly LikeEvent[], existing: readonly ExistingLike[]): Decision {
  const rows = new Map(existing.map((row) => [keyOf(row), row]));
  const decision: Decision = {
    inserts: [],
    updates: [],
    userDeltas: new Map(),
    videoDeltas: new Map(),
    settled: [],
  };
  for (const event of latestOfEach(events)) settleOne(decision, event, rows.get(keyOf(event)));
  dropZeros(decision);
  return decision;
}

/** One event for each (user, video), ascending: writers that lock rows in the same order do not block each other. */
export function latestOfEach(events: readonly LikeEvent[]): LikeEvent[] {
  const latest = new Map<string, LikeEvent>();
  for (const event of events) {
    const known = latest.get(keyOf(event));
    if (!known || known.version < event.version) latest.set(keyOf(event), event);
  }
  return [...latest.values()].sort((a, b) => a.userId - b.userId || a.videoId - b.videoId);
}

const keyOf = ({ userId, videoId }: { userId: number; videoId: number }): string => `${userId}:${videoId}`;

function settleOne(decision: Decision, event: LikeEvent, row: ExistingLike | undefined): void {
  if (row && row.version >= event.version) {
    decision.settled.push({ ...event, version: row.version, liked: row.liked });
    return;
  }
  decision.settled.push(event);
  decision[row ? 'updates' : 'inserts'].push(event);
  const delta = Number(event.liked) - Number(row?.liked ?? false);
  userDelta(decision, event.userId).given += delta;
  userDelta(decision, event.authorId).received += delta;
  decision.videoDeltas.set(event.videoId, (decision.videoDeltas.get(event.videoId) ?? 0) + delta);
}

function userDelta({ userDeltas }: Decision, userId: number): UserDelta {
  const delta = userDeltas.get(userId) ?? { given: 0, received: 0 };
  userDeltas.set(userId, delta);
  return delta;
}

function dropZeros({ userDeltas, videoDeltas }: Decision): void {
  for (const [id, { given, received }] of userDeltas) if (given === 0 && received === 0) userDeltas.delete(id);
  for (const [id, delta] of videoDeltas) if (delta === 0) videoDeltas.delete(id);
}
