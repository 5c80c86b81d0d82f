import { timeOfId } from '../../../services/shared/ids/layout.ts';
import { type Draft, idAt } from './draft.ts';
import type { Value } from './insert-rows.ts';

/** Comments in the order in which they were made. */
export function* commentRows({ comments, userIds, videoIds }: Draft): Iterable<Value[]> {
  for (const [index, [user, video]] of comments.entries()) {
    const id = idAt(5, index);
    const content = `This is what user ${user} says about video ${video}`;
    yield [id, videoIds[video] ?? 0, userIds[user] ?? 0, content, timeOfId(id)];
  }
}
