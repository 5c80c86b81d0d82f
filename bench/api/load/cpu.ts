import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time that a process has used, user and system. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
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
