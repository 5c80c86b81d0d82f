import { setTimeout as pause } from 'node:timers/promises';
import { auditAnswers } from './audit/answers.ts';
import { auditRows, learnFrom } from './audit/rows.ts';
import { readTruth } from './audit/truth.ts';
import type { Stage } from './stage.ts';

/** Copies in processes end after a second, and what a process that died left in doubt after five. */
const rightWithinMs = 8_000;
const againMs = 250;

/** How long it took until everything was right, in ms. */
interface Compared {
  drainMs: number;
  rightMs: number;
  /** What was still wrong in the end. */
  findings: readonly string[];
}

/** Waits until nothing waits for anybody, and compares model, rows and all answers of all replicas. */
export async function compareEverything({ db, doors, cast, model, queues }: Stage): Promise<Compared> {
  const startMs = performance.now();
  await queues.drained();
  const drainedMs = performance.now();
  const truth = await readTruth(db);
  const inRows = await auditRows(db, truth, model);
  for (;;) {
    const inAnswers = await auditAnswers(doors, truth, cast.persons);
    const rightMs = performance.now() - drainedMs;
    if (inAnswers.length === 0 || rightMs > rightWithinMs) {
      learnFrom(truth, model);
      return { drainMs: drainedMs - startMs, rightMs, findings: [...inRows, ...inAnswers] };
    }
    await pause(againMs);
  }
}
