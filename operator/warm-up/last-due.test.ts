import assert from 'node:assert/strict';
import { lastDue } from './last-due.ts';

/** A Wednesday. */
const now = new Date('2026-07-15T10:20:30Z');

const cases: [schedule: string, last: string | undefined][] = [
  ['* * * * *', '2026-07-15T10:20:00.000Z'],
  ['20 10 * * *', '2026-07-15T10:20:00.000Z'],
  ['21 10 * * *', '2026-07-14T10:21:00.000Z'],
  ['*/15 * * * *', '2026-07-15T10:15:00.000Z'],
  ['5/20 * * * *', '2026-07-15T10:05:00.000Z'],
  ['0,30 4 * * *', '2026-07-15T04:30:00.000Z'],
  ['0 22-2 * * *', '2026-07-15T02:00:00.000Z'],
  ['0 4 * * 1-5', '2026-07-15T04:00:00.000Z'],
  ['0 4 * * 0', '2026-07-12T04:00:00.000Z'],
  ['0 0 1 * *', '2026-07-01T00:00:00.000Z'],
  ['0 0 31 * *', '2026-05-31T00:00:00.000Z'],
  ['0 0 1 * 1', '2026-07-13T00:00:00.000Z'],
  ['0 0 * 1 *', '2026-01-31T00:00:00.000Z'],
  ['0 0 29 2 *', '2024-02-29T00:00:00.000Z'],
  ['0 0 31 2 *', undefined],
];

describe('a schedule', () => {
  for (const [schedule, last] of cases) {
    it(`${schedule} was due ${last ?? 'never'}`, () => {
      assert.equal(lastDue(schedule, now)?.toISOString(), last);
    });
  }
});
