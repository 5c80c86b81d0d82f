import { timeOfId } from '../../ids/layout.ts';
import { timeToLiveMs } from './time-to-live.ts';

/** A row is committed within this time after its id was made. */
const longestBirthMs = 60_000;
/** Clocks differ, and an id may be ahead of its time. */
const leewayMs = 10_000;

/**
 * How long it is remembered that an id has no row. One that may be given to somebody in the meantime is hardly remembered:
 * whoever asks for an id before it is born must not hide it afterwards.
 */
export function absenceMs(id: number, nowMs: number = Date.now()): number {
  const bornInMs = timeOfId(id) - nowMs;
  const mayBeBorn = bornInMs > -longestBirthMs && bornInMs < 2 * timeToLiveMs.absence + leewayMs;
  return mayBeBorn ? timeToLiveMs.unborn : timeToLiveMs.absence;
}
