import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settlement } from '../../shared/read-models/index.ts';
import {
  type Fixture,
  flushAll,
  insertUser,
  insertVideo,
  keysLike,
  startReadModels,
} from '../../shared/test/read-models/fixture.ts';
import type { LikeEvent } from '../../shared/topics.ts';
import { writeLikes } from '../write-likes.ts';
import { pick, seededRandom, shuffled } from './random.ts';
import { assertCache, assertRowsAndCounters } from './rows-and-counters.ts';

describe('writing likes', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let users: number[];
  let videos: { videoId: number; authorId: number }[];

  beforeEach(async () => {
    fixture = await startReadModels();
    users = await Promise.all(Array.from({ length: 6 }, () => insertUser(fixture.db)));
    videos = await Promise.all(
      users.map(async (authorId) => ({ authorId, videoId: await insertVideo(fixture.db, { authorId }) })),
    );
  });
  afterEach(() => fixture.close());

  /** What an API process does with an action, its event aside. */
  const act = async (random: () => number): Promise<LikeEvent> => {
    const [userId, video] = [pick(random, users), pick(random, videos)];
    const begun = await fixture.models.likes.begin(userId, video.videoId);
    const like = { userId, ...video, liked: random() < 0.6, ...begun };
    await fixture.models.likes.move(like);
    return like;
  };

  it('converges with the last actions, whatever the order, the repetitions and the writers', async () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    const events: LikeEvent[] = [];
    for (let index = 0; index < 400; index += 1) events.push(await act(random));

    const deliveries = shuffled(random, [...events, ...events.filter(() => random() < 0.5), ...events.slice(0, 100)]);
    const batches = Array.from({ length: 30 }, (_, index) => deliveries.filter((_, at) => at % 30 === index));
    const writer = async () => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) {
        const settlement = await writeLikes(fixture.db, batch);
        await pause(random() * 10); // another writer may settle a later revision first
        await fixture.models.likes.settle(settlement);
      }
    };
    await Promise.all([writer(), writer(), writer()]).catch((cause) => {
      throw new Error(`seed ${seed}`, { cause });
    });

    await assertRowsAndCounters(fixture.db, events);
    await assertCache(fixture.models, fixture.db, events);
    const pending = (await keysLike(fixture.redis, `${fixture.keyPrefix}:*`)).filter((key) => key.includes('pending'));
    assert.deepEqual(pending, [], `seed ${seed}`);
  });

  it('leaves no drift when writers settle one video in whatever order, some of it twice', async () => {
    const [alice = 0, bob = 0, authorId = 0] = users;
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // biome-ignore format: a table
    for (const order of orders) {
      const video = { videoId: await insertVideo(fixture.db, { authorId }), authorId };
      const events: LikeEvent[] = [];
      const settlements: Settlement[] = [];
      for (const [userId, liked] of [
        [alice, true],
        [bob, true],
        [alice, false],
      ] as const) {
        // biome-ignore format: a table
        const { version, ...before } = await fixture.models.likes.begin(userId, video.videoId);
        const like = { userId, ...video, version, liked };
        await fixture.models.likes.move({ ...like, ...before });
        events.push(like);
      }
      for (const event of events) settlements.push(await writeLikes(fixture.db, [event]));
      for (const index of [...order, order[0]])
        await fixture.models.likes.settle(settlements[index ?? 0] ?? assert.fail());
      await assertCache(fixture.models, fixture.db, events);
    }
    const pending = (await keysLike(fixture.redis, `${fixture.keyPrefix}:*`)).filter((key) => key.includes('pending'));
    assert.deepEqual(pending, []);
  });

  it('is right again after the cache was emptied in the middle', async () => {
    const random = seededRandom(7);
    const events: LikeEvent[] = [];
    for (let index = 0; index < 120; index += 1) {
      if (index % 40 === 39) await flushAll(fixture.redis);
      events.push(await act(random));
      if (index % 5 === 0) await fixture.models.likes.settle(await writeLikes(fixture.db, events.slice(-5)));
    }
    await fixture.models.likes.settle(await writeLikes(fixture.db, events));
    await assertRowsAndCounters(fixture.db, events);
    await assertCache(fixture.models, fixture.db, events);
  });

  it('moves the revision of a counter only when the counter moves', async () => {
    const event = await act(() => 0);
    await writeLikes(fixture.db, [event]);
    await writeLikes(fixture.db, [event]);
    await writeLikes(fixture.db, [{ ...event, version: event.version + 1 }]);
    const [counter] = await fixture.db('video_counter').where('video_id', event.videoId);
    assert.deepEqual({ ...counter }, { video_id: event.videoId, favorite_count: 1, comment_count: 0, revision: 1 });
  });
});
