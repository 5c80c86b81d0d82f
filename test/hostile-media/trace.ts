import { readFileSync } from 'node:fs';

/** What the kernel was asked for by ffmpeg and ffprobe: files that they opened, and everything about networks. */
export interface Acts {
  opened: string[];
  network: string[];
  /** The arguments of each start. */
  started: string[][];
}

/** Options of strace for `readTrace`. Each end of a process is held up, so that its memory can be read before it is gone. */
export const traceOptions = (logFile: string): string[] => [
  ...['-f', '-qq', '--seccomp-bpf', '-s', '512', '-o', logFile],
  ...['-e', 'trace=execve,open,openat,openat2,%network,fork,vfork,clone,clone3,exit_group,io_uring_setup'],
  ...['-e', 'abbrev=none', '-e', 'inject=exit_group:delay_enter=60000'],
];

const isTool = (path: string): boolean => /\/(ffmpeg|ffprobe)$/.test(path);

/** Reads a log of strace from a position on; processes and threads that a tool started count as the tool. */
export function createTraceReader(logFile: string): () => Acts {
  const tools = new Set<string>();
  let read = 0;
  return () => {
    const text = readFileSync(logFile, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    const lines = joinResumed(text.slice(read, end).split('\n'));
    read = end;
    const acts: Acts = { opened: [], network: [], started: [] };
    for (const { pid, call } of lines) note(pid, call, tools, acts);
    return acts;
  };
}

function note(pid: string, call: string, tools: Set<string>, acts: Acts): void {
  const [, program, args] = /^execve\("([^"]+)", (\[.*?"\]), .* = 0$/.exec(call) ?? [];
  if (program !== undefined && args !== undefined && isTool(program) && !program.includes('/launcher/')) {
    tools.add(pid);
    acts.started.push(JSON.parse(args).slice(1));
    return;
  }
  if (!tools.has(pid)) return;
  const [, child] = /^(?:v?fork|clone3?)\(.* = (\d+)$/.exec(call) ?? [];
  if (child !== undefined) tools.add(child);
  const [, path] = /^open(?:at2?)?\((?:[^"]*, )?"([^"]*)"/.exec(call) ?? [];
  if (path !== undefined) acts.opened.push(path);
  else if (!/^(execve|v?fork|clone3?|exit_group)\(/.test(call)) acts.network.push(call);
}

/** A call that another process interrupted is written in two lines. */
function joinResumed(lines: readonly string[]): { pid: string; call: string }[] {
  const begun = new Map<string, string>();
  return lines.flatMap((line) => {
    const [, pid = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const [, start] = /^(.*) <unfinished \.\.\.>$/.exec(call) ?? [];
    if (start !== undefined) {
      begun.set(pid, start);
      return [];
    }
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/.exec(call) ?? [];
    return pid === '' || call.startsWith('+++') || call.startsWith('---')
      ? []
      : [{ pid, call: rest === undefined ? call : `${begun.get(pid) ?? ''}${rest}`.replace(/ \(DELAYED\)$/, '') }];
  });
}
