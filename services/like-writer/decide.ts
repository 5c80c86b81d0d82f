import type { SettledLike } from '../shared/read-models/index.ts';
import type { LikeEvent } from '../shared/topics.ts';

/** A row of `favorite` as it is now. */
export interface ExistingLike {
  userId: number;
  videoId: number;
  liked: boolean;
  version: number;
  /** Since which version it holds without a break. */
  likedSince: number;
}

/** How much counters move. */
export interface UserDelta {
  given: number;
  received: number;
}

export interface Decision {
  inserts: SettledLike[];
  updates: SettledLike[];
  /** Only counters that move. */
  userDeltas: Map<number, UserDelta>;
  videoDeltas: Map<number, number>;
  /** What the rows hold afterwards, for every row that an event names, changed or not; ascending by user and video. */
  settled: SettledLike[];
}

/**
 * What a batch of events does to the rows that are there: the latest version of each (user, video) wins, and counters
 * move by what really changes. Pure, so duplicates, reordering and repetition change nothing.
 */
export function decide(events: readonly LikeEvent[], existing: readonly ExistingLike[]): Decision {
  const rows = new Map(existing.map((row) => [keyOf(row), row]));
  const byLike = Map.groupBy(events, keyOf);
  const decision: Decision = {
    inserts: [],
    updates: [],
    userDeltas: new Map(),
    videoDeltas: new Map(),
    settled: [],
  };
  for (const event of latestOfEach(events)) {
    const row = rows.get(keyOf(event));
    const likedSince = sinceWhen(byLike.get(keyOf(event)) ?? [], row);
    settleOne(decision, { ...event, likedSince }, row);
  }
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

/** Since which version the last of some events of one like holds: a like of what is liked begins nothing new. */
function sinceWhen(events: readonly LikeEvent[], row: ExistingLike | undefined): number {
  let { liked, version: known, likedSince } = row ?? { liked: false, version: 0, likedSince: 0 };
  for (const event of events.toSorted((a, b) => a.version - b.version)) {
    if (event.version <= known) continue;
    if (!(event.liked && liked)) likedSince = event.version;
    liked = event.liked;
    known = event.version;
  }
  return likedSince;
}

function settleOne(decision: Decision, event: SettledLike, row: ExistingLike | undefined): void {
  if (row && row.version >= event.version) {
    const { version, liked, likedSince } = row;
    decision.settled.push({ ...event, version, liked, likedSince });
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
