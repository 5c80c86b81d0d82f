import { timeOfId } from '../../../services/shared/ids/layout.ts';
import type { Draft } from './draft.ts';
import type { Value } from './insert-rows.ts';

export function* userRows({ userIds }: Draft): Iterable<Value[]> {
  for (const [index, id] of userIds.entries()) {
    const name = `user-${index}`;
    yield [id, name, `User ${index}`, `demo/avatars/${index % 50}.jpg`, `I am number ${index}`, timeOfId(id)];
  }
}

/** All users have the same password: hashing is what logins are slow by, not what a data set is for. */
export function* credentialRows({ userIds }: Draft, passwordHash: string): Iterable<Value[]> {
  for (const id of userIds) yield [id, passwordHash, timeOfId(id)];
}

/** What the other tables hold of each user; the revision is the number of changes that led there. */
export function* userCounterRows({ userIds, counts }: Draft): Iterable<Value[]> {
  for (const [user, id] of userIds.entries()) {
    const row = [counts.follow, counts.follower, counts.received, counts.work, counts.given].map(
      (column) => column[user] ?? 0,
    );
    yield [id, ...row, row.reduce((sum, count) => sum + count, 0)];
  }
}
