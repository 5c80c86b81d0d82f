/**
 * The same toy operator on this project's machinery and on controller-runtime, one after the other against the same kind
 * of API server, several rounds; prints medians and their ratios. Usage: node bench/operator/run.ts [rounds=3] [objects=1000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOurs, createReference } from './contestants.ts';
import { type Load, type Result, runRound } from './round.ts';

const rounds = Number(process.argv[2] ?? 3);
const objects = Number(process.argv[3] ?? 1_000);
const load: Load = { toys: objects, changes: objects, perSecond: 40 };

const rows: readonly (readonly [string, keyof Result])[] = [
  ['created → applied, p50, ms', 'createP50'],
  ['created → applied, p99, ms', 'createP99'],
  ['changed → applied, p50, ms', 'changeP50'],
  ['changed → applied, p99, ms', 'changeP99'],
  ['CPU of it all, s', 'cpuSeconds'],
  ['memory at rest, MiB', 'restMiB'],
  ['memory at its peak, MiB', 'peakMiB'],
  ['API calls per change', 'callsPerChange'],
  ['API writes per change', 'writesPerChange'],
  ['start → caught up, ms', 'restartMs'],
];

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const directory = mkdtempSync(join(tmpdir(), 'tiktok-lite-bench-'));
try {
  const [ours, reference] = [createOurs(directory), createReference(directory)];
  const results = new Map([ours, reference].map((contestant) => [contestant, [] as Result[]]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [contestant, found] of results) {
      console.error(`round ${round} of ${rounds}: ${contestant.name}`);
      found.push(await runRound(contestant, load));
    }
  }
  const medianOf = (contestant: typeof ours, field: keyof Result) =>
    median((results.get(contestant) ?? []).map((result) => result[field]));
  console.log(
    `${load.toys} objects created, ${load.changes} changed, ${load.perSecond}/s; medians of ${rounds} rounds`,
  );
  console.log(`| | ${ours.name} | ${reference.name} | ratio |\n|---|---|---|---|`);
  for (const [label, field] of rows) {
    const [a, b] = [medianOf(ours, field), medianOf(reference, field)];
    console.log(`| ${label} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${(a / b).toFixed(2)} |`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
