import type { ChildProcess } from 'node:child_process';

/** Kills a run of the launcher and whatever it started: the launcher puts each run into a process group of its own. */
export function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it has not got its group yet
  }
}
