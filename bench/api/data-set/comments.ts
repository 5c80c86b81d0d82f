import { timeOfId } from '../../../services/shared/ids/layout.ts';
import { type Draft, idAt } from './draft.ts';
import type { Value } from './insert-rows.ts';

/** Comments in the order in which they were made; those of a video were the first that happened to it. */
export function* commentRows({ comments, userIds, videoIds }: Draft): Iterable<Value[]> {
  const discussed = new Uint32Array(videoIds.length);
  for (const [index, [user, video]] of comments.entries()) {
    const revision = (discussed[video] ?? 0) + 1;
    discussed[video] = revision;
    const id = idAt(5, index);
    const content = `This is what user ${user} says about video ${video}`;
    yield [id, videoIds[video] ?? 0, revision, userIds[user] ?? 0, content, timeOfId(id)];
  }
}
