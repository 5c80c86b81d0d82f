import { answerTo, get } from '../load/requests.ts';
import type { MeasuredPlatform } from '../platform.ts';
import { type Cell, hasList } from './cell.ts';
import { pickEvenly } from './pick.ts';

const path = '/douyin/feed/';
const pageSize = 30;
/** So many different callers are logged in. */
const viewers = 1_000;
/** Redis is emptied this often where a cell is cold. */
const coldEveryMs = 250;

/** The feed: who asks, how far down, and whether the cache knows anything. */
export async function feedCells({ platform, dataSet, tokenOf, redis }: MeasuredPlatform): Promise<Cell[]> {
  const address = platform.addressOf('video');
  const tenth = { latest_time: await cursorOfPage(address, 10) };
  const tokens = pickEvenly(dataSet.userIds, viewers).map(tokenOf);
  const feed = { api: 'video', isRight: hasList('video_list', pageSize), comparedWith: 'ready string' } as const;
  const anonymous = { ...feed, requests: [get(path, {})] };
  const loggedIn = { ...feed, requests: tokens.map((token) => get(path, { token })) };
  const meanwhile = { everyMs: coldEveryMs, do: () => redis.flushall() };
  return [
    { name: 'feed, anonymous', ...anonymous },
    { name: 'feed, logged in', ...loggedIn },
    { name: 'feed page 10, anonymous', ...feed, requests: [get(path, tenth)] },
    { name: 'feed page 10, logged in', ...feed, requests: tokens.map((token) => get(path, { token, ...tenth })) },
    { name: 'feed cold, anonymous', ...anonymous, meanwhile },
    { name: 'feed cold, logged in', ...loggedIn, meanwhile },
  ];
}

async function cursorOfPage(address: string, page: number): Promise<number> {
  let cursor = 0;
  for (let index = 1; index < page; index += 1) {
    cursor = JSON.parse(await answerTo(address, get(path, { latest_time: cursor }))).next_time;
  }
  return cursor;
}
