import { pickEvenly } from './cells/pick.ts';
import { answerTo, get } from './load/requests.ts';
import type { MeasuredPlatform } from './platform.ts';

interface ServedUser {
  id: number;
  favorite_count: number;
  total_favorited: number;
  follow_count: number;
  follower_count: number;
  work_count: number;
}

interface ServedVideo {
  id: number;
  favorite_count: number;
  comment_count: number;
}

const sampledUsers = 1_000;
const sampledPages = 34;

/** Compares counts that the API answers with COUNT(*) of the rows; returns what differs, in words. */
export async function wrongCounts(measured: MeasuredPlatform): Promise<{ compared: number; wrong: string[] }> {
  const [users, videos] = [await servedUsers(measured), await servedVideos(measured)];
  const userIds = users.map(({ id }) => id);
  const videoIds = videos.map(({ id }) => id);
  const count = counter(measured);
  const wrong: string[] = [];
  const compare = async <Served extends { id: number }>(
    served: readonly Served[],
    column: keyof Served & string,
    rows: Promise<Map<number, number>>,
  ) => {
    const counted = await rows;
    for (const one of served) {
      const expected = counted.get(one.id) ?? 0;
      if (one[column] !== expected) wrong.push(`${column} of ${one.id} is ${one[column]}, rows: ${expected}`);
    }
  };
  await compare(users, 'favorite_count', count('favorite', 'user_id', userIds, { liked: true }));
  await compare(users, 'follow_count', count('follow', 'follower_id', userIds));
  await compare(users, 'follower_count', count('follow', 'following_id', userIds));
  await compare(users, 'work_count', count('video', 'author_id', userIds, { state: 'ready' }));
  await compare(users, 'total_favorited', receivedLikes(measured, userIds));
  await compare(videos, 'favorite_count', count('favorite', 'video_id', videoIds, { liked: true }));
  await compare(videos, 'comment_count', count('comment', 'video_id', videoIds));
  return { compared: users.length * 5 + videos.length * 2, wrong };
}

async function servedUsers({ platform, dataSet }: MeasuredPlatform): Promise<ServedUser[]> {
  const users: ServedUser[] = [];
  for (const user_id of pickEvenly(dataSet.userIds, sampledUsers)) {
    users.push(JSON.parse(await answerTo(platform.addressOf('user'), get('/douyin/user/', { user_id }))).user);
  }
  return users;
}

async function servedVideos({ platform }: MeasuredPlatform): Promise<ServedVideo[]> {
  const videos: ServedVideo[] = [];
  let latest_time = 0;
  for (let page = 0; page < sampledPages; page += 1) {
    const text = await answerTo(platform.addressOf('video'), get('/douyin/feed/', { latest_time }));
    const { video_list, next_time } = JSON.parse(text);
    videos.push(...video_list);
    if (next_time === 0) break;
    latest_time = next_time;
  }
  return videos;
}

const counter =
  ({ db }: MeasuredPlatform) =>
  async (table: string, column: string, ids: readonly number[], where: Record<string, unknown> = {}) => {
    const rows: { id: number; total: number }[] = await db(table)
      .whereIn(column, ids)
      .where(where)
      .groupBy(column)
      .select({ id: column, total: db.raw('COUNT(*)') });
    return new Map(rows.map(({ id, total }) => [id, total]));
  };

async function receivedLikes({ db }: MeasuredPlatform, userIds: readonly number[]): Promise<Map<number, number>> {
  const rows: { id: number; total: number }[] = await db('video')
    .join('favorite', 'favorite.video_id', 'video.id')
    .whereIn('video.author_id', userIds)
    .where({ liked: true })
    .groupBy('video.author_id')
    .select({ id: 'video.author_id', total: db.raw('COUNT(*)') });
  return new Map(rows.map(({ id, total }) => [id, total]));
}
