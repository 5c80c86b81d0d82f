import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventuallyHolds } from '../../../test/eventually.ts';
import { type PlatformUnderTest, startPlatform } from '../../../test/platform/index.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { connectRedis, type Redis } from '../../shared/redis/connect.ts';
import { flushAll, insertUser } from '../../shared/test/read-models/fixture.ts';
import type { Answer } from './fixture.ts';
import { rowsOf } from './follow-graph.ts';

const kills = 6;

describe('follows while processes are killed', function () {
  this.timeout(120_000);
  let platform: PlatformUnderTest;
  let db: Knex;
  let redis: Redis;
  let ids: number[];
  before(async () => {
    platform = await startPlatform({
      replicas: { auth: 0, user: 2, video: 0, publish: 0, 'like-writer': 0, transcoder: 0 },
      redis: 'single',
    });
    db = connectDatabase(platform.settings);
    redis = connectRedis(platform.settings);
    ids = await Promise.all(Array.from({ length: 8 }, () => insertUser(db)));
  });
  after(async () => {
    redis.disconnect();
    await db.destroy();
    await platform.stop();
  });

  const ask = async (
    path: string,
    parameters: Record<string, string | number>,
    init?: RequestInit,
  ): Promise<Answer> => {
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${platform.url}${path}?${query}`, init);
    return { httpStatus: response.status, ...((await response.json()) as Omit<Answer, 'httpStatus'>) };
  };

  /** What somebody last asked for of each other user, undefined where the reply did not say whether it was done. */
  const live = async (userId: number, isOver: () => boolean) => {
    const others = ids.filter((id) => id !== userId);
    const wishes = new Map<number, boolean | undefined>();
    const token = platform.tokens.issue(userId);
    while (!isOver()) {
      const to_user_id = others[Math.floor(Math.random() * others.length)] ?? 0;
      const follows = Math.random() < 0.6;
      const action = { to_user_id, action_type: follows ? 1 : 2, token };
      const answer = await ask('/douyin/relation/action/', action, { method: 'POST' }).catch(() => undefined);
      wishes.set(to_user_id, answer?.status_code === 0 ? follows : undefined);
    }
    return { userId, wishes };
  };

  const servedOf = async (userId: number) => {
    const [following, followers, profile] = await Promise.all([
      ask('/douyin/relation/follow/list/', { user_id: userId }),
      ask('/douyin/relation/follower/list/', { user_id: userId }),
      ask('/douyin/user/', { user_id: userId }),
    ]);
    return {
      following: following.user_list?.map(({ id }) => id),
      followers: followers.user_list?.map(({ id }) => id),
      counts: [profile.user?.follow_count, profile.user?.follower_count],
    };
  };

  const killAndFlush = async () => {
    for (let round = 0; round < kills; round += 1) {
      await pause(400 + Math.random() * 400);
      await platform.kill('user', round % 2);
      if (round % 3 === 2) await flushAll(redis);
      await platform.restart('user', round % 2);
    }
  };

  it('are the last acknowledged actions, in the rows and seconds later in every answer', async () => {
    let isOver = false;
    const lives = ids.map((id) => live(id, () => isOver));
    await killAndFlush().finally(() => {
      isOver = true;
    });
    for (const { userId, wishes } of await Promise.all(lives)) {
      const { following } = await rowsOf(db, userId);
      for (const [otherId, follows] of wishes)
        if (follows !== undefined) assert.equal(following.includes(otherId), follows, `${userId} → ${otherId}`);
    }
    await eventuallyHolds(async () => {
      for (const userId of ids) {
        const { friends: _, ...rows } = await rowsOf(db, userId);
        assert.deepEqual(await servedOf(userId), rows);
      }
    }, 8);
  });
});
