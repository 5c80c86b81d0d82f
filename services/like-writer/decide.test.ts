import assert from 'node:assert/strict';
import type { LikeEvent } from '../shared/topics.ts';
import { decide, type ExistingLike } from './decide.ts';

const event = (version: number, liked: boolean, userId = 1, videoId = 7): LikeEvent => ({
  ...{ userId, videoId, authorId: 9 },
  ...{ version, liked },
});
const row = (version: number, liked: boolean, likedSince = version): ExistingLike => ({
  ...{ userId: 1, videoId: 7 },
  ...{ version, liked, likedSince },
});

describe('decision about a batch of likes', () => {
  const cases: {
    name: string;
    events: LikeEvent[];
    rows: ExistingLike[];
    writes: 'insert' | 'update' | 'nothing';
    delta: number;
    settled: [version: number, liked: boolean];
    /** When it is not the version. */
    since?: number;
  }[] = [
    { name: 'a first like', events: [event(5, true)], rows: [], writes: 'insert', delta: 1, settled: [5, true] },
    {
      name: 'a first unlike leaves a tombstone',
      events: [event(5, false)],
      rows: [],
      writes: 'insert',
      delta: 0,
      settled: [5, false],
    },
    {
      name: 'a like twice counts once',
      events: [event(5, true), event(6, true)],
      rows: [],
      writes: 'insert',
      delta: 1,
      settled: [6, true],
      since: 5,
    },
    {
      name: 'a repeated like of long ago',
      events: [event(6, true)],
      rows: [row(5, true, 3)],
      writes: 'update',
      delta: 0,
      settled: [6, true],
      since: 3,
    },
    {
      name: 'a like that was taken back in between',
      events: [event(8, true), event(6, true), event(7, false)],
      rows: [row(5, true, 3)],
      writes: 'update',
      delta: 0,
      settled: [8, true],
    },
    {
      name: 'an unlike',
      events: [event(6, false)],
      rows: [row(5, true)],
      writes: 'update',
      delta: -1,
      settled: [6, false],
    },
    {
      name: 'a like of what was unliked',
      events: [event(6, true)],
      rows: [row(5, false)],
      writes: 'update',
      delta: 1,
      settled: [6, true],
    },
    {
      name: 'the same delivery again',
      events: [event(5, true), event(5, true)],
      rows: [row(5, true)],
      writes: 'nothing',
      delta: 0,
      settled: [5, true],
    },
    {
      name: 'an older one after a newer one',
      events: [event(4, true)],
      rows: [row(5, false)],
      writes: 'nothing',
      delta: 0,
      settled: [5, false],
    },
    {
      name: 'like and unlike in the wrong order',
      events: [event(6, false), event(5, true)],
      rows: [],
      writes: 'insert',
      delta: 0,
      settled: [6, false],
    },
  ];
  for (const { name, events, rows, writes, delta, settled, since = settled[0] } of cases) {
    it(name, () => {
      const decision = decide(events, rows);
      assert.deepEqual(
        { inserts: decision.inserts.length, updates: decision.updates.length },
        { inserts: writes === 'insert' ? 1 : 0, updates: writes === 'update' ? 1 : 0 },
      );
      assert.equal(decision.videoDeltas.get(7) ?? 0, delta);
      assert.equal(decision.userDeltas.get(1)?.given ?? 0, delta);
      assert.equal(decision.userDeltas.get(9)?.received ?? 0, delta);
      assert.deepEqual(decision.settled, [{ ...event(...settled), likedSince: since }]);
    });
  }

  it('moves both counters of an author who likes an own video', () => {
    const own = { ...event(5, true), authorId: 1 };
    assert.deepEqual([...decide([own], []).userDeltas], [[1, { given: 1, received: 1 }]]);
  });

  it('adds up what many users do to one video, in ascending order', () => {
    const decision = decide([event(5, true, 3), event(6, true, 1), event(7, true, 2), event(8, false, 3)], []);
    assert.equal(decision.videoDeltas.get(7), 2);
    assert.deepEqual(
      decision.settled.map(({ userId }) => userId),
      [1, 2, 3],
    );
  });
});
