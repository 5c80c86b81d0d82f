import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setInterval as every } from 'node:timers/promises';

export interface ProcessWatch {
  /** The largest growth of resident memory of all processes together since the watch began. */
  grownBytes(): number;
  /** What they had written to disks since then. */
  writtenBytes(): number;
  /** Ordinary files that were open for a moment at least, logs not counted. */
  openedFiles(): string[];
  samples(): number;
  stop(): Promise<void>;
}

const intervalMs = 100;

/** Looks every 100 ms at what processes and their children hold in memory, in files, and on disk. */
export function watchProcesses(parents: readonly number[]): ProcessWatch {
  const pids = parents.flatMap((pid) => [pid, ...childrenOf(pid)]);
  const total = (read: (pid: number) => number) => pids.reduce((sum, pid) => sum + read(pid), 0);
  const [atFirst, writtenAtFirst] = [total(residentBytes), total(writtenBytes)];
  const opened = new Set<string>();
  let most = atFirst;
  let samples = 0;
  const stopping = new AbortController();

  const look = () => {
    samples += 1;
    most = Math.max(most, total(residentBytes));
    for (const file of pids.flatMap(filesOf)) opened.add(file);
  };
  const watching = (async () => {
    for await (const _ of every(intervalMs, undefined, { signal: stopping.signal })) look();
  })().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  return {
    grownBytes: () => most - atFirst,
    writtenBytes: () => total(writtenBytes) - writtenAtFirst,
    openedFiles: () => [...opened],
    samples: () => samples,
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const fieldOf = (file: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1]);

const residentBytes = (pid: number): number => fieldOf(`/proc/${pid}/status`, 'VmRSS') * 1024;
const writtenBytes = (pid: number): number => fieldOf(`/proc/${pid}/io`, 'write_bytes');

function filesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      const target = readlinkSync(`${folder}/${descriptor}`);
      return /^\/(?!dev\/)/.test(target) && !target.endsWith('.log') ? [target] : [];
    } catch {
      return []; // closed in between
    }
  });
}
