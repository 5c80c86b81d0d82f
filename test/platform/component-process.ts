import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endOf } from './logs.ts';

const startDeadlineMs = 60_000;
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

export interface ProcessDescription {
  name: string;
  command: readonly [program: string, ...args: string[]];
  env?: Record<string, string>;
  /** Whether the process can be used; a rejection counts as not yet. */
  isReady: () => Promise<boolean>;
  logFile: string;
}

/** A process that tests kill and start again; its ports and its log stay the same. */
export interface RestartableProcess {
  readonly name: string;
  pid(): number;
  /** Starts it, also when it runs already; resolves when it is ready. */
  start(): Promise<void>;
  /** Ends it with SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Why it ended, when nobody had asked it to. */
  accident(): string | undefined;
}

/** A process beside the tests. The kernel kills it when the test run dies in whatever way. */
export function restartableProcess(description: ProcessDescription): RestartableProcess {
  const { name, logFile } = description;
  let child: ChildProcess | undefined;
  let accident: string | undefined;

  const kill = async () => {
    const running = child;
    child = undefined;
    if (!running || hasEnded(running)) return;
    const ended = once(running, 'exit');
    running.ref();
    running.kill('SIGKILL');
    await ended;
  };

  const start = async () => {
    await kill();
    const started = launch(description);
    child = started;
    started.once('exit', (code, signal) => {
      if (child === started) accident = `${name} ended by itself (${signal ?? code}); its log is ${logFile}`;
    });
    await untilReady(started, description);
  };

  return {
    name,
    pid: () => {
      if (child?.pid === undefined) throw new Error(`${name} does not run`);
      return child.pid;
    },
    start,
    kill,
    accident: () => accident,
  };
}

function launch({ command, env = {}, logFile }: ProcessDescription): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref(); // a test run that forgot it ends all the same
  return child;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Asks a URL that answers 2xx once its process can be used. */
export async function answersWell(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.ok;
}

async function untilReady(child: ChildProcess, { name, isReady, logFile }: ProcessDescription): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  const complaint = (what: string) => new Error(`${name} ${what}; its log is ${logFile}:\n${endOf(logFile)}`);
  for (;;) {
    const ready = await isReady().catch(() => false);
    if (hasEnded(child)) throw complaint('ended while it started');
    if (ready) return;
    if (Date.now() > deadline) throw complaint('did not become ready');
    await pause(50);
  }
}
