import { seededRandom } from '../data-set/random.ts';
import { post } from '../load/requests.ts';
import type { MeasuredPlatform } from '../platform.ts';
import { type Cell, succeeds } from './cell.ts';
import { oneOf, pickEvenly } from './pick.ts';

const path = '/douyin/favorite/action/';
const callers = 1_000;
const actions = 20_000;

/** Likes and unlikes of many callers: over all videos, and all on one. */
export function likeCells({ dataSet, tokenOf }: MeasuredPlatform): Cell[] {
  const random = seededRandom(2);
  const tokens = pickEvenly(dataSet.userIds, callers).map(tokenOf);
  const videoIds = pickEvenly(dataSet.videoIds, 1_000);
  const like = (video_id: number) =>
    post(path, { token: oneOf(random, tokens), video_id, action_type: random() < 0.8 ? 1 : 2 });
  const cell = { api: 'video', isRight: succeeds, comparedWith: 'produce only', writes: 'likes' } as const;
  const hot = oneOf(random, videoIds);
  return [
    { name: 'like, spread', ...cell, requests: Array.from({ length: actions }, () => like(oneOf(random, videoIds))) },
    { name: 'like, one video', ...cell, requests: Array.from({ length: actions }, () => like(hot)) },
  ];
}
