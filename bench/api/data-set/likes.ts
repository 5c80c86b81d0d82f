import { beganMs, type Draft } from './draft.ts';
import type { Value } from './insert-rows.ts';
import { scattered } from './random.ts';

const day = 24 * 3600 * 1000;

/** Likes in the order of the primary key; their versions, in µs, come in another one. */
export function* likeRows({ likes, userIds, videoIds, authors }: Draft): Iterable<Value[]> {
  for (const [index, [user, video]] of likes.entries()) {
    const likedMs = beganMs + 3 * day + scattered(index, likes.length);
    const authorId = userIds[authors[video] ?? 0] ?? 0;
    yield [userIds[user] ?? 0, videoIds[video] ?? 0, true, likedMs * 1000, likedMs, likedMs, authorId];
  }
}
