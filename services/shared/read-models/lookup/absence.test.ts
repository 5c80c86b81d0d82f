import assert from 'node:assert/strict';
import { composeId, tickOf } from '../../ids/layout.ts';
import { absenceMs } from './absence.ts';
import { timeToLiveMs } from './time-to-live.ts';

describe('absence of a row', () => {
  const nowMs = Date.UTC(2027, 0, 1);
  const idMadeIn = (ms: number) => composeId({ tick: tickOf(nowMs + ms), worker: 7, sequence: 1 });

  it('is remembered for ids of long ago, of no time at all, and of a time that is far', () => {
    for (const id of [1, idMadeIn(-61_000), idMadeIn(86_400_000), Number.MAX_SAFE_INTEGER])
      assert.equal(absenceMs(id, nowMs), timeToLiveMs.absence);
  });

  it('is hardly remembered for ids that may be given until then', () => {
    for (const ms of [-30_000, -10, 0, 1_000, timeToLiveMs.absence])
      assert.equal(absenceMs(idMadeIn(ms), nowMs), timeToLiveMs.unborn);
  });
});
