import assert from 'node:assert/strict';
import { freshDatabase } from '../../../test/backends/index.ts';
import { eventually } from '../../../test/eventually.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { quietLogger } from '../../shared/test/read-models/fixture.ts';
import { sweepTombstones } from '../sweep-tombstones.ts';

const hourMs = 3_600_000;
const lifetimeMs = 48 * hourMs;

describe('the sweep of tombstones', function () {
  this.timeout(30_000);
  let db: Knex;
  before(async () => {
    db = connectDatabase(await freshDatabase());
  });
  after(() => db.destroy());

  const versionOf = (hoursAgo: number) => (Date.now() - hoursAgo * hourMs) * 1000;
  const rows = (from: number, count: number, { liked, hoursAgo }: { liked: boolean; hoursAgo: number }) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ user_id: 1, video_id: from + index, author_id: 2, liked, version: versionOf(hoursAgo) + index },
      ...{ created_at: 1, updated_at: 1 },
    }));
  const left = async () => (await db('favorite').orderBy('video_id').pluck('video_id')) as number[];

  it('removes unlikes that no event can meet any more, and nothing else', async () => {
    await db.batchInsert('favorite', rows(1_000, 1_200, { liked: false, hoursAgo: 73 }), 500);
    await db('favorite').insert([
      ...rows(1, 1, { liked: false, hoursAgo: 71 }), // the day more is for clocks that differ
      ...rows(2, 1, { liked: true, hoursAgo: 1_000 }),
      ...rows(3, 1, { liked: false, hoursAgo: 0 }),
    ]);
    const sweepers = [1, 2].map(() => sweepTombstones({ db, lifetimeMs, logger: quietLogger, everyMs: 20 }));
    await eventually('old ones are gone', async () => (await left()).length <= 3);
    assert.deepEqual(await left(), [1, 2, 3]);
    for (const sweeper of sweepers) sweeper.stop();
  });

  it('finds them by a range of an index', async () => {
    const [[plan]] = await db.raw(
      'EXPLAIN SELECT version FROM favorite WHERE liked = 0 AND version < 5 ORDER BY version LIMIT 500',
    );
    assert.deepEqual([plan.key, /filesort/.test(plan.Extra)], ['favorite_by_version', false]);
  });
});
