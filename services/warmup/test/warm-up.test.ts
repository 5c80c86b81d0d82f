import assert from 'node:assert/strict';
import { createKeys } from '../../shared/read-models/keys.ts';
import {
  type Fixture,
  flushAll,
  keysLike,
  quietLogger,
  startReadModels,
} from '../../shared/test/read-models/fixture.ts';
import { createWarmUpProgress, readWarmUp, type WarmUpNotes } from '../../shared/warm-up/progress.ts';
import { type Amounts, createStages } from '../stages.ts';
import { warmUp } from '../warm-up.ts';
import { insertCrowd } from './crowd.ts';

describe('a warm-up', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let notes: WarmUpNotes;
  before(async () => {
    fixture = await startReadModels();
    notes = await createWarmUpProgress(fixture);
    await insertCrowd(fixture.db, { users: 300, videos: 60 });
  });
  beforeEach(() => flushAll(fixture.redis));
  after(() => fixture.close());

  const stagesFor = (amounts: Amounts) => createStages({ db: fixture.db, models: fixture.models, amounts, batch: 20 });
  const start = (amounts: Amounts, { run = 'one', stages = stagesFor(amounts) } = {}) =>
    warmUp({ run, notes, stages, logger: quietLogger, restRatio: 0 });
  const cachedIds = async (entity: 'user' | 'video') =>
    (await keysLike(fixture.redis, createKeys(fixture.keyPrefix)[entity].view(0).replace(':0}', ':*}')))
      .map((key) => Number(/:(\d+)}/.exec(key)?.[1]))
      .sort((one, other) => one - other);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('loads the feed, the newest videos with their authors, and as many of the likeliest users as are asked for', async () => {
    const { db } = fixture;
    await db('user_counter').where('user_id', 300).update({ follower_count: 1_000_000 });
    await db('credential').where('user_id', 299).update({ tokens_until: 1_000_000 });
    const { videos, users } = await start({ users: 90, videos: 50, feed: 30 });
    assert.deepEqual({ videos, users }, { videos: 50, users: 90 });
    assert.deepEqual(await cachedIds('video'), upTo(50));
    assert.deepEqual(await cachedIds('user'), [...upTo(88), 299, 300]);
    assert.equal(await fixture.redis.exists(`${fixture.keyPrefix}:{feed}:newest`), 1);
  });

  it('loads all there is when there is less than is asked for', async () => {
    const { videos, users } = await start({ users: 1_000, videos: 1_000, feed: 1_000 });
    assert.deepEqual({ videos, users }, { videos: 60, users: 300 });
    assert.deepEqual(await cachedIds('user'), upTo(300));
  });

  it('leaves what is cached as it is', async () => {
    const { redis, models, keyPrefix } = fixture;
    await models.users.find([7]);
    const key = `${keyPrefix}:{user:7}:view`;
    const fresher = `${(await redis.get(key))?.slice(0, -1)}9`;
    await redis.set(key, fresher);
    await start({ users: 20, videos: 0, feed: 0 });
    assert.equal(await redis.get(key), fresher);
  });

  it('goes on where it was cut off, and loads nothing twice', async () => {
    const amounts = { users: 200, videos: 60, feed: 0 };
    const stages = stagesFor(amounts);
    const cut = async () => {
      throw new Error('killed');
    };
    await assert.rejects(start(amounts, { stages: { ...stages, active: cut } }), /killed/);
    assert.equal((await readWarmUp(fixture.redis, fixture.keyPrefix))?.progress.users, 100);
    const again = async () => {
      throw new Error('the videos were loaded before');
    };
    assert.equal((await start(amounts, { stages: { ...stages, videos: again } })).users, 200);
    assert.equal((await cachedIds('user')).length, 200);
  });

  it('is not repeated once it is complete, unless it has another name', async () => {
    const amounts = { users: 20, videos: 0, feed: 0 };
    const first = await start(amounts);
    await fixture.redis.del(`${fixture.keyPrefix}:{user:1}:view`);
    assert.deepEqual(await start(amounts), first);
    assert.ok(!(await cachedIds('user')).includes(1));
    await start(amounts, { run: 'two' });
    assert.ok((await cachedIds('user')).includes(1));
  });

  it('fails when the cache is lost on the way: what it had loaded is gone', async () => {
    const amounts = { users: 20, videos: 20, feed: 0 };
    const stages = stagesFor(amounts);
    const losing: typeof stages = {
      ...stages,
      followed: async (progress) => {
        await flushAll(fixture.redis);
        return stages.followed(progress);
      },
    };
    await assert.rejects(start(amounts, { stages: losing }), /the cache was lost/);
    assert.equal(await readWarmUp(fixture.redis, fixture.keyPrefix), undefined);
  });
});
