import assert from 'node:assert/strict';
import { epochMs, idsPerTick, tickOf, timeOfId } from './layout.ts';
import { createSequence, type Grant } from './sequence.ts';

const startMs = epochMs + 3_600_000;

/** A sequence on a clock that is moved by hand. */
function sequenceAt(grant: Partial<Grant> = {}) {
  const clock = { nowMs: 0 };
  const sequence = createSequence(() => clock.nowMs);
  const full: Grant = {
    worker: 7,
    timeMs: startMs,
    clockMs: 0,
    endsAtClockMs: 60_000,
    firstTick: tickOf(startMs),
    lastTick: tickOf(startMs + 70_000),
    ...grant,
  };
  sequence.grant(full);
  const take = (): number => {
    const outcome = sequence.take();
    assert.ok(outcome !== 'expired' && 'id' in outcome, JSON.stringify(outcome));
    return outcome.id;
  };
  return { clock, sequence, take, grant: full };
}

describe('an id', () => {
  it('is a safe integer for 43 years, and tells its time and worker', () => {
    const { take, clock } = sequenceAt();
    clock.nowMs = 1_230;
    const id = take();
    assert.equal(timeOfId(id), startMs + 1_230);
    assert.equal(Math.floor(id / 256) % 256, 7);
    const inFortyYears = epochMs + 43 * 365.25 * 86_400_000;
    const late = sequenceAt({ timeMs: inFortyYears, firstTick: 0, lastTick: tickOf(inFortyYears) + 10 });
    assert.ok(Number.isSafeInteger(late.take()));
  });
});

describe('a sequence of ids', () => {
  it('ascends within a tick and over ticks', () => {
    const { take, clock } = sequenceAt();
    const ids = Array.from({ length: 1_000 }, (_, index) => {
      clock.nowMs = index / 10;
      return take();
    });
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((one, other) => one - other),
    );
  });

  it('borrows up to a second of ticks, then asks to wait as long as needed', () => {
    const { take, sequence, clock } = sequenceAt();
    const borrowed = Array.from({ length: 101 * idsPerTick }, take);
    assert.equal(new Set(borrowed).size, borrowed.length);
    assert.deepEqual(sequence.take(), { waitMs: 10 });
    clock.nowMs = 10;
    assert.ok(take() > (borrowed.at(-1) ?? 0));
  });

  it('stops when the clock passes the lease', () => {
    const { take, sequence, clock } = sequenceAt();
    take();
    clock.nowMs = 60_000;
    assert.equal(sequence.take(), 'expired');
  });

  it('stops at the last tick that its lease reserved, whatever the clock says', () => {
    const { take, sequence, clock } = sequenceAt({ lastTick: tickOf(startMs) + 1 });
    take();
    clock.nowMs = 20;
    assert.equal(sequence.take(), 'expired');
  });

  it('goes on without a repetition when the lease is renewed with a time that was set back', () => {
    const { take, sequence, clock, grant } = sequenceAt();
    const before = take();
    clock.nowMs = 5;
    sequence.grant({ ...grant, timeMs: startMs - 500, clockMs: 5 });
    assert.ok(take() > before);
  });

  it('starts above the first tick of another lease, even if that lies in the future', () => {
    const { take, sequence, clock, grant } = sequenceAt();
    take();
    const firstTick = tickOf(startMs) + 150;
    sequence.grant({ ...grant, worker: 8, firstTick });
    assert.deepEqual(sequence.take(), { waitMs: 500 });
    clock.nowMs = 500;
    assert.equal(timeOfId(take()), epochMs + firstTick * 10);
  });
});
