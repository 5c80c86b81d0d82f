import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time that a process has used, user and system. */
export const cpuSecondsOf = (pid: number): number => secondsIn(pid, [11, 12]);

/** The same, with that of the processes that it started and that have ended. */
export const cpuSecondsWithChildrenOf = (pid: number): number => secondsIn(pid, [11, 12, 13, 14]);

/** Adds up fields of proc(5)'s stat, counted from the one behind the name. */
function secondsIn(pid: number, positions: readonly number[]): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return positions.reduce((ticks, position) => ticks + Number(fields[position]), 0) / ticksPerSecond;
}

/** What work costs in CPU seconds, by process. */
export async function costOf<Name extends string, Result>(
  pids: Readonly<Record<Name, number>>,
  work: () => Promise<Result>,
): Promise<{ result: Result; cpuSeconds: Record<Name, number> }> {
  const names = Object.keys(pids) as Name[];
  const before = names.map((name) => cpuSecondsOf(pids[name]));
  const result = await work();
  const used = names.map((name, index) => [name, cpuSecondsOf(pids[name]) - (before[index] ?? 0)]);
  return { result, cpuSeconds: Object.fromEntries(used) };
}
