import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, type Knex } from '../../services/shared/mysql/database.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { type RedisServer, startRedis } from '../backends/redis.ts';
import { startRedisCluster } from '../backends/redis-cluster.ts';
import { type PlatformUnderTest, startPlatform } from '../platform/index.ts';
import { type Cast, createCast, insertCast } from './cast.ts';
import { createDoors, type Doors } from './doors.ts';
import { createModel, type Model } from './model/model.ts';
import type { Clips } from './perform.ts';
import { replicas } from './plan.ts';
import { type Queues, watchQueues } from './queues.ts';
import { type Redelivery, startRedelivery } from './redelivery.ts';
import { createTally, type Tally } from './tally.ts';

/** A platform, its servers, those who act on it, and what must be true of it. */
export interface Stage {
  platform: PlatformUnderTest;
  redis: RedisServer;
  db: Knex;
  doors: Doors;
  cast: Cast;
  clips: Clips;
  model: Model;
  queues: Queues;
  redelivery: Redelivery;
  tally: Tally;
  stop(): Promise<void>;
}

/** Partitions of each topic: more than one for each like writer. */
const partitions = 4;

/** Starts everything that a run needs, with a Redis that may be killed. */
export async function startStage(redisMode: 'single' | 'cluster'): Promise<Stage> {
  const redis = redisMode === 'single' ? await startRedis() : await startRedisCluster();
  const platform = await startPlatform({
    ...{ replicas: { ...replicas, auth: 0 }, redis, partitions },
    prepare: async (settings) => {
      const db = connectDatabase(settings);
      await insertCast(db).finally(() => db.destroy());
    },
  });
  const db = connectDatabase(platform.settings);
  const queues = await watchQueues(db, platform.settings);
  const redelivery = await startRedelivery(platform.settings);
  return {
    ...{ platform, redis, db, queues, redelivery },
    doors: createDoors(platform),
    cast: createCast(platform.tokens),
    clips: await makeClips(),
    model: createModel(),
    tally: createTally(),
    stop: async () => {
      await Promise.all([queues.stop(), redelivery.stop(), db.destroy()]);
      await platform.stop().finally(() => redis.stop());
    },
  };
}

async function makeClips(): Promise<Clips> {
  const folder = await mkdtemp(join(tmpdir(), 'tiktok-lite-clips-'));
  const file = join(folder, 'clip.mp4');
  makeClip(file, { seconds: 1, size: '160x120', framesPerSecond: 10 });
  const content = readFileSync(file);
  await rm(folder, { recursive: true });
  const type = 'video/mp4';
  return { playable: new Blob([content], { type }), rubbish: new Blob([content.subarray(0, 64)], { type }) };
}
