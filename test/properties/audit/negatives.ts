import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from '../../../services/shared/mysql/database.ts';
import { userCounts, videoCounts } from './truth.ts';

const lookMs = 500;

/** Looks at the counters in the rows again and again; what answers show is held against its schema anyway. */
export function watchForNegatives(db: Knex) {
  const stopping = new AbortController();
  const found = new Set<string>();

  const look = async (table: string, id: string, columns: readonly string[]) => {
    const rows: Record<string, number>[] = await db(table)
      .whereRaw(`LEAST(${columns.map(() => '??').join(', ')}) < 0`, [...columns])
      .select();
    for (const row of rows) found.add(`counters of ${id} ${row[id]} were ${JSON.stringify(row)}`);
  };

  const lookAgain = async () => {
    while (!stopping.signal.aborted) {
      await look('user_counter', 'user_id', userCounts);
      await look('video_counter', 'video_id', videoCounts);
      await pause(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const watching = lookAgain();

  return {
    /** Stops looking and resolves to what was negative at any time. */
    stop: async (): Promise<string[]> => {
      stopping.abort();
      await watching;
      return [...found];
    },
  };
}
