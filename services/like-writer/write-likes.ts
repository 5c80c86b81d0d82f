import type { Knex } from '../shared/mysql/database.ts';
import { transact } from '../shared/mysql/transact.ts';
import type { Settlement } from '../shared/read-models/index.ts';
import type { LikeEvent } from '../shared/topics.ts';
import { decide, latestOfEach } from './decide.ts';
import {
  insertLikes,
  lockLikes,
  moveCounters,
  readUserCounters,
  readVideoCounters,
  updateLikes,
} from './repository.ts';

const duplicateEntry = 1062;
const maxAttempts = 5;

/** Writes a batch in one transaction and tells what the rows hold then; safe to repeat, alone or beside another writer. */
export async function writeLikes(db: Knex, events: readonly LikeEvent[]): Promise<Settlement> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(db, (trx) => writeOnce(trx, events));
    } catch (error) {
      // Another writer inserted one of the rows after we looked: look again.
      if (attempt === maxAttempts || !isDuplicateEntry(error)) throw error;
    }
  }
}

async function writeOnce(trx: Knex.Transaction, events: readonly LikeEvent[]): Promise<Settlement> {
  const latest = latestOfEach(events);
  const decision = decide(events, await lockLikes(trx, latest));
  const nowMs = Date.now();
  await insertLikes(trx, decision.inserts, nowMs);
  await updateLikes(trx, decision.updates, nowMs);
  await moveCounters(trx, decision);
  return {
    likes: decision.settled,
    users: await readUserCounters(trx, unique(latest.flatMap(({ userId, authorId }) => [userId, authorId]))),
    videos: await readVideoCounters(trx, unique(latest.map(({ videoId }) => videoId))),
  };
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)];

const isDuplicateEntry = (error: unknown): boolean =>
  error instanceof Error && 'errno' in error && error.errno === duplicateEntry;
