import { createHash } from 'node:crypto';
import { timeOfId } from '../../../services/shared/ids/layout.ts';
import type { Draft } from './draft.ts';
import type { Value } from './insert-rows.ts';

/** Ready videos, with paths as long as those of real ones. */
export function* videoRows({ videoIds, authors, userIds }: Draft): Iterable<Value[]> {
  for (const [index, id] of videoIds.entries()) {
    const unguessable = createHash('sha256').update(`original ${index}`).digest('hex').slice(0, 32);
    const folder = `demo/${id}/${unguessable}`;
    yield [
      ...[id, userIds[authors[index] ?? 0] ?? 0, `Number ${index} of many short videos`, 'ready'],
      ...[`demo/${id}/original.mp4`, `${folder}/play.mp4`, `${folder}/cover.jpg`],
      ...[720, 1280, 15_000 + (index % 45_000), timeOfId(id), timeOfId(id) + 5_000],
    ];
  }
}

/** What the other tables hold of each video; the revision is the number of changes that led there. */
export function* videoCounterRows({ videoIds, counts }: Draft): Iterable<Value[]> {
  for (const [video, id] of videoIds.entries()) {
    const [liked, discussed] = [counts.liked[video] ?? 0, counts.discussed[video] ?? 0];
    yield [id, liked, discussed, liked + discussed];
  }
}
