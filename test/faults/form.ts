import { randomBytes } from 'node:crypto';

/** How often each fault strikes; `make test-faults` asks for 20. */
export const rounds = Number(process.env.FAULT_ROUNDS ?? 1);

/** The full form has the lease timing of a real operator. */
export const isFull = rounds >= 20;

/** How long nothing happens to the quiet operator; `make test-faults` asks for ten minutes, in which watches end and bookmarks come. */
export const quietSeconds = Number(process.env.QUIET_SECONDS ?? 5);

/** Decides the churn: the same seed repeats it. */
export const seed = process.env.SEED ?? randomBytes(4).toString('hex');
