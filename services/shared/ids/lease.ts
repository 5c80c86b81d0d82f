import type { Knex } from 'knex';
import { tickOf } from './layout.ts';
import { borrowedTicks, type Grant, timeAt } from './sequence.ts';

interface WorkerRow {
  id: number;
  holder: string;
  lease_until: number;
  high_water: number;
}

export interface LeaseOptions {
  db: Knex;
  /** Different for every process that ever runs. */
  holder: string;
  leaseMs: number;
  clock(): number;
}

/** The end of a lease that its holder does not use: the server's clock and ours need not run equally fast. */
const unusedShare = 0.1;
const candidates = 8;

/**
 * Takes a worker number that nobody holds. The row's high water says up to which tick ids of that number may exist: it
 * is raised before the first id is made, and a new holder starts above it, so that ids differ whatever the clocks do.
 */
export async function takeLease(options: LeaseOptions): Promise<Grant> {
  const now = await readServerTime(options);
  const present = tickOf(now.serverMs);
  const free = await options
    .db<WorkerRow>('worker')
    .where('lease_until', '<', now.serverMs)
    .orderByRaw('high_water > ?, RAND()', [present]) // one whose ids are all in the past can be used at once
    .limit(candidates);
  for (const { id, ...row } of free) {
    const firstTick = Math.max(row.high_water + 1, present);
    const grant = grantFrom(options, { worker: id, firstTick, timeMs: now.serverMs, clockMs: now.clockMs });
    if (await write(options, grant, { now, expected: row })) return grant;
  }
  throw new Error('no worker number is free in the table worker: 256 processes hold one, or it was never filled');
}

/** Prolongs a lease that nobody else has taken since; undefined when it is lost. */
export async function renewLease(options: LeaseOptions, lease: Grant): Promise<Grant | undefined> {
  const now = await readServerTime(options);
  const timeMs = Math.max(now.serverMs, timeAt(lease, now.clockMs)); // a server clock that was set back stops nothing
  const { worker, firstTick } = lease;
  const renewed = grantFrom(options, { worker, firstTick, timeMs, clockMs: now.clockMs });
  return (await write(options, renewed, { now, expected: { holder: options.holder } })) ? renewed : undefined;
}

/** Gives the number back at once, with the last tick that was really used. */
export async function releaseLease({ db, holder }: LeaseOptions, worker: number, lastTick: number): Promise<void> {
  const changes = { holder: '', lease_until: 0, high_water: lastTick };
  await db<WorkerRow>('worker').where({ id: worker, holder }).update(changes);
}

interface ServerTime {
  serverMs: number;
  /** Our clock before the question was sent, so that a slow answer shortens the lease instead of stretching it. */
  clockMs: number;
}

async function readServerTime({ db, clock }: LeaseOptions): Promise<ServerTime> {
  const clockMs = clock();
  const [[{ now }]] = await db.raw('SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS now');
  return { serverMs: now, clockMs };
}

const grantFrom = (
  { leaseMs }: LeaseOptions,
  start: Pick<Grant, 'worker' | 'firstTick' | 'timeMs' | 'clockMs'>,
): Grant => ({
  ...start,
  lastTick: Math.max(start.firstTick, tickOf(start.timeMs + leaseMs)) + borrowedTicks,
  endsAtClockMs: start.clockMs + leaseMs * (1 - unusedShare),
});

/** One guarded statement: whoever comes second changes nothing. */
async function write(
  { db, holder, leaseMs }: LeaseOptions,
  grant: Grant,
  { now, expected }: { now: ServerTime; expected: Partial<WorkerRow> },
): Promise<boolean> {
  const changes = { holder, lease_until: now.serverMs + leaseMs, high_water: grant.lastTick };
  const changed = await db<WorkerRow>('worker')
    .where({ id: grant.worker, ...expected })
    .update(changes);
  return changed === 1;
}
