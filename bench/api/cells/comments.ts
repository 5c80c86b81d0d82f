import { seededRandom } from '../data-set/random.ts';
import { post } from '../load/requests.ts';
import type { MeasuredPlatform } from '../platform.ts';
import { type Cell, succeeds } from './cell.ts';
import { oneOf, pickEvenly } from './pick.ts';

const callers = 1_000;

/** Comments of many callers on many videos. */
export function commentCells({ dataSet, tokenOf }: MeasuredPlatform): Cell[] {
  const random = seededRandom(3);
  const tokens = pickEvenly(dataSet.userIds, callers).map(tokenOf);
  const videoIds = pickEvenly(dataSet.videoIds, 1_000);
  const comment = (index: number) => ({
    ...{ token: oneOf(random, tokens), video_id: oneOf(random, videoIds), action_type: 1 },
    comment_text: `This is what somebody says, number ${index}`,
  });
  const requests = Array.from({ length: 5_000 }, (_, index) => post('/douyin/comment/action/', comment(index)));
  return [
    {
      ...{ name: 'comment', api: 'video', isRight: succeeds, comparedWith: 'ready string' },
      ...{ requests, writes: 'comments' },
    },
  ];
}
