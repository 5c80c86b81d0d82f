import { randomBytes } from 'node:crypto';

/** How much one run does. Every round ends with a drain and a comparison of everything. */
export interface Form {
  name: 'short' | 'full';
  rounds: number;
  /** Acknowledged operations of one round; the rest of these numbers are of one round, too. */
  operations: number;
  kills: number;
  flushes: number;
  redisRestarts: number;
  redeliveries: number;
  timeoutMs: number;
}

const minuteMs = 60_000;

const forms: Readonly<Record<Form['name'], Form>> = {
  short: {
    ...{ name: 'short', rounds: 1, operations: 1_500, timeoutMs: 5 * minuteMs },
    ...{ kills: 5, flushes: 2, redisRestarts: 1, redeliveries: 3 },
  },
  full: {
    ...{ name: 'full', rounds: 4, operations: 5_100, timeoutMs: 30 * minuteMs },
    ...{ kills: 10, flushes: 4, redisRestarts: 1, redeliveries: 6 },
  },
};

/** The short form is part of `make test`; `make test-properties` asks for the full one. */
export const form: Form = forms[process.env.PROPERTY_FORM === 'full' ? 'full' : 'short'];

/** Decides what everyone does and where faults strike; how the processes race is up to the machine. */
export const seed = process.env.SEED ?? randomBytes(4).toString('hex');

export const redisMode = process.env.TEST_REDIS === 'cluster' ? 'cluster' : 'single';
