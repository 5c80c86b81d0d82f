import { checkCache } from './check-cache.ts';
import { checkDatabase } from './check-database.ts';
import { checkKafka } from './check-kafka.ts';
import { checkObjectStore } from './check-object-store.ts';
import type { ServerTarget } from './target.ts';

/** Longest that a connection, and that an answer may take. */
export const patienceMs = 3_000;

/** Logs in as the platform will, and sees whether it may do there what it has to. Changes nothing that lasts. */
export function check(target: ServerTarget): Promise<void> {
  switch (target.kind) {
    case 'database':
      return checkDatabase(target, patienceMs);
    case 'cache':
      return checkCache(target, patienceMs);
    case 'kafka':
      return checkKafka(target, patienceMs);
    case 'objectStore':
      return checkObjectStore(target, patienceMs);
  }
}
