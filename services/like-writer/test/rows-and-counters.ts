import assert from 'node:assert/strict';
import type { Knex } from '../../shared/mysql/database.ts';
import type { ReadModels } from '../../shared/read-models/index.ts';
import type { LikeEvent } from '../../shared/topics.ts';

/** The last action of each (user, video): what must hold once everything is drained. */
export function finalStates(actions: readonly LikeEvent[]): Map<string, LikeEvent> {
  const last = new Map<string, LikeEvent>();
  for (const action of actions) {
    const key = `${action.userId}:${action.videoId}`;
    if ((last.get(key)?.version ?? 0) < action.version) last.set(key, action);
  }
  return last;
}

/** Rows are the last actions, and counters count the rows. */
export async function assertRowsAndCounters(db: Knex, actions: readonly LikeEvent[]): Promise<void> {
  const rows = await db('favorite').select('user_id', 'video_id', 'liked', 'version');
  const stored = new Map(rows.map((row) => [`${row.user_id}:${row.video_id}`, [row.liked === 1, row.version]]));
  const expected = [...finalStates(actions)].map(([key, { liked, version }]) => [key, [liked, version]] as const);
  assert.deepEqual(stored, new Map(expected));
  const liked = [...finalStates(actions).values()].filter((action) => action.liked);
  const counted = await counters(db);
  assert.deepEqual(counted, {
    ofVideos: tally(liked.map(({ videoId }) => videoId)),
    given: tally(liked.map(({ userId }) => userId)),
    received: tally(liked.map(({ authorId }) => authorId)),
  });
}

/** What the read models answer is what the rows hold. */
export async function assertCache(models: ReadModels, db: Knex, actions: readonly LikeEvent[]): Promise<void> {
  const { ofVideos, given, received } = await counters(db);
  const videoIds = [...new Set(actions.map(({ videoId }) => videoId))];
  const userIds = [...new Set(actions.flatMap(({ userId, authorId }) => [userId, authorId]))];
  const [videos, users] = await Promise.all([models.videos.find(videoIds), models.users.find(userIds)]);
  for (const id of videoIds) assert.equal(shown(videos.get(id)?.counts, 'favorite_count'), ofVideos[id] ?? 0);
  for (const id of userIds) {
    assert.equal(shown(users.get(id)?.counts, 'favorite_count'), given[id] ?? 0, `likes given by ${id}`);
    assert.equal(shown(users.get(id)?.counts, 'total_favorited'), received[id] ?? 0, `likes received by ${id}`);
  }
  for (const { userId, videoId, liked } of finalStates(actions).values()) {
    assert.equal((await models.likes.among(userId, [videoId])).has(videoId), liked);
  }
}

const shown = (counts: string | undefined, column: string): number =>
  Number(new RegExp(`"${column}":(\\d+)`).exec(counts ?? '')?.[1]);

async function counters(db: Knex) {
  const videos = await db('video_counter').where('favorite_count', '<>', 0).select('video_id', 'favorite_count');
  const users = await db('user_counter').select('user_id', 'favorite_count', 'total_favorited');
  const nonZero = (entries: [number, number][]) => Object.fromEntries(entries.filter(([, count]) => count !== 0));
  return {
    ofVideos: nonZero(videos.map((row) => [row.video_id, row.favorite_count])),
    given: nonZero(users.map((row) => [row.user_id, row.favorite_count])),
    received: nonZero(users.map((row) => [row.user_id, row.total_favorited])),
  };
}

const tally = (ids: readonly number[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
};
