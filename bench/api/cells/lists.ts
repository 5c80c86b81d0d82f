import type { Knex } from '../../../services/shared/mysql/database.ts';
import { get } from '../load/requests.ts';
import type { MeasuredPlatform } from '../platform.ts';
import { type Cell, hasList, succeeds } from './cell.ts';
import { pickEvenly } from './pick.ts';

/** At most so many different users or videos are asked about. */
const targets = 200;

/** A profile, and first pages of every list, of those who have enough to fill them; the caller is logged in. */
export async function listCells({ db, dataSet, tokenOf }: MeasuredPlatform): Promise<Cell[]> {
  const tokens = pickEvenly(dataSet.userIds, targets).map(tokenOf);
  const withToken = (index: number) => ({ token: tokens[index % tokens.length] ?? '' });
  const ofUsers = (path: string, ids: readonly number[], limit?: number) =>
    ids.map((user_id, index) => get(path, { user_id, ...(limit && { limit }), ...withToken(index) }));
  const users = { api: 'user', comparedWith: 'ready string' } as const;
  const videos = { api: 'video', comparedWith: 'ready string' } as const;
  const [publishers, likers, followers, followed, discussed] = await Promise.all([
    idsWith(db, 'user_counter', 'work_count', 30),
    idsWith(db, 'user_counter', 'favorite_count', 30),
    idsWith(db, 'user_counter', 'follow_count', 100),
    idsWith(db, 'user_counter', 'follower_count', 100),
    idsWith(db, 'video_counter', 'comment_count', 100),
  ]);
  const commentList = discussed.map((video_id, index) =>
    get('/douyin/comment/list/', { video_id, limit: 100, ...withToken(index) }),
  );
  return [
    {
      ...{ name: 'user', ...users, isRight: succeeds },
      requests: ofUsers('/douyin/user/', pickEvenly(dataSet.userIds, targets)),
    },
    {
      ...{ name: 'publish list, 30', ...videos, isRight: hasList('video_list', 30) },
      requests: ofUsers('/douyin/publish/list/', publishers, 30),
    },
    {
      ...{ name: 'favorite list, 30', ...videos, isRight: hasList('video_list', 30) },
      requests: ofUsers('/douyin/favorite/list/', likers, 30),
    },
    {
      ...{ name: 'follow list, 100', ...users, isRight: hasList('user_list', 100) },
      requests: ofUsers('/douyin/relation/follow/list/', followers, 100),
    },
    {
      ...{ name: 'follower list, 100', ...users, isRight: hasList('user_list', 100) },
      requests: ofUsers('/douyin/relation/follower/list/', followed, 100),
    },
    { name: 'comment list, 100', ...videos, isRight: hasList('comment_list', 100), requests: commentList },
  ];
}

/** Users or videos that have at least so many of something, whoever has most first. */
async function idsWith(db: Knex, table: 'user_counter' | 'video_counter', column: string, least: number) {
  const id = table === 'user_counter' ? 'user_id' : 'video_id';
  const ids: number[] = await db(table).where(column, '>=', least).orderBy(column, 'desc').limit(targets).pluck(id);
  if (ids.length === 0) throw new Error(`the data set has nobody with a ${column} of ${least}`);
  return ids;
}
