import { beganMs, type Draft } from './draft.ts';
import type { Value } from './insert-rows.ts';
import { scattered } from './random.ts';

const day = 24 * 3600 * 1000;

interface Revisions {
  follower: number;
  following: number;
  friend: number | null;
  at: number;
}

/** Follows in the order of the primary key, with the revisions that following one after the other gives. */
export function* followRows(draft: Draft): Iterable<Value[]> {
  const { follows, userIds } = draft;
  const revisions = revisionsOf(draft);
  for (const [index, [follower, following]] of follows.entries()) {
    const row = revisions[index];
    if (!row) throw new Error(`follow ${index} has no revisions`);
    const createdAt = beganMs + 4 * day + row.at * 10;
    yield [userIds[follower] ?? 0, userIds[following] ?? 0, row.follower, row.following, row.friend, createdAt];
  }
}

/** Follows happen in another order than that of their keys; each raises the revision of both users. */
function revisionsOf({ follows, userIds }: Draft): readonly (Revisions | undefined)[] {
  const last = new Uint32Array(userIds.length);
  const next = (user: number): number => {
    last[user] = (last[user] ?? 0) + 1;
    return last[user];
  };
  const nameOf = (follower: number, following: number) => follower * userIds.length + following;
  const known = new Map<number, Revisions>();
  const revisions: (Revisions | undefined)[] = new Array(follows.length);
  for (let at = 0; at < follows.length; at += 1) {
    const index = scattered(at, follows.length);
    const [follower = 0, following = 0] = follows[index] ?? [];
    const row: Revisions = { follower: next(follower), following: next(following), friend: null, at };
    const back = known.get(nameOf(following, follower));
    if (back) {
      row.friend = row.follower;
      back.friend = row.following;
    }
    known.set(nameOf(follower, following), row);
    revisions[index] = row;
  }
  return revisions;
}
