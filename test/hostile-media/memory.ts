import { readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has just ended
  }
};

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .flatMap((child) => {
      const id = Number(child);
      return id > 0 ? [id, ...childrenOf(id)] : [];
    });

/** The most memory, in megabytes, that each tool among the descendants of a process held at once. */
export function watchMemory(rootPid: number) {
  const peaks = new Map<string, number>();
  const look = () => {
    for (const pid of childrenOf(rootPid)) {
      const status = read(`/proc/${pid}/status`);
      const [, tool] = /^Name:\s+(ffmpeg|ffprobe)$/m.exec(status) ?? [];
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      if (tool) peaks.set(tool, Math.max(peaks.get(tool) ?? 0, Number(kilobytes ?? 0) / 1024));
    }
  };
  const timer = setInterval(look, 10);
  return {
    /** What was seen since the last time that this was asked. */
    take: () => {
      const seen = { ffprobe: Math.round(peaks.get('ffprobe') ?? 0), ffmpeg: Math.round(peaks.get('ffmpeg') ?? 0) };
      peaks.clear();
      return seen;
    },
    stop: () => clearInterval(timer),
  };
}
