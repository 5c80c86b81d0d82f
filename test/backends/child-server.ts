import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const directoryPrefix = 'tiktok-lite-backend-';
const startDeadlineMs = 60_000;
const stopDeadlineMs = 10_000;
const rememberedOutputLength = 16_384;

export interface ServerProgram {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Resolves once the server answers; rejects while it does not. */
  probe: () => Promise<unknown>;
  /** Debian package that brings the command, for the message when it is missing. */
  package: string;
}

export interface RunningServer {
  readonly pid: number;
  /** Kills it, as a crash would, and starts it again in its folder; resolves when it answers. It is another process then. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** A port of the loopback interface that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the loopback interface gave no port');
  return address.port;
}

/** A temporary folder that names its owner, so that the next run removes what a killed one left. */
export function serverDirectory(name: string): string {
  removeAbandonedDirectories();
  return mkdtempSync(join(tmpdir(), `${directoryPrefix}${process.pid}-${name}-`));
}

function removeAbandonedDirectories(): void {
  for (const entry of readdirSync(tmpdir())) {
    if (!entry.startsWith(directoryPrefix)) continue;
    const owner = Number.parseInt(entry.slice(directoryPrefix.length), 10);
    if (!isAlive(owner)) rmSync(join(tmpdir(), entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Runs a command to its end; throws with its output when it fails. */
export function runToEnd(command: string, args: string[], env: Record<string, string> = {}): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
}

/**
 * Starts a server as a child process and waits until it answers. The kernel kills it when this process dies
 * in whatever way (`setpriv --pdeathsig`), so that no run leaves servers behind; `directory` goes with it.
 */
export async function startServer(program: ServerProgram, directory: string): Promise<RunningServer> {
  let child = launch(program, directory);
  // A server that was just killed may still be writing: its folder is then not empty when it should go.
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const atExit = () => {
    child.kill('SIGKILL');
    removeDirectory();
  };
  process.once('exit', atExit);

  const untilUsable = async () => {
    const output = rememberOutput(child);
    try {
      await untilAnswers(program, child);
    } catch (error) {
      atExit();
      process.off('exit', atExit);
      throw new Error(`${program.name} did not start (Debian package: ${program.package})\n${output()}`, {
        cause: error,
      });
    }
  };
  await untilUsable();
  return {
    get pid() {
      return child.pid ?? 0;
    },
    restart: async () => {
      await endOf(child);
      child = launch(program, directory);
      await untilUsable();
    },
    stop: async () => {
      process.off('exit', atExit);
      await endOf(child);
      removeDirectory();
    },
  };
}

/** The servers must not keep a test run alive: the root hook stops them, and the exit handler is the last resort. */
function launch(program: ServerProgram, directory: string): ChildProcess {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program.command, ...program.args], {
    cwd: directory,
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.unref();
  return child;
}

function rememberOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-rememberedOutputLength);
    });
    if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
  child.once('error', (error) => {
    text += error.message;
  });
  return () => text;
}

async function untilAnswers(program: ServerProgram, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    try {
      return void (await program.probe());
    } catch (error) {
      if (hasEnded(child))
        throw new Error(`${program.name} ended with ${child.exitCode ?? child.signalCode}`, { cause: error });
      if (Date.now() > deadline) throw new Error(`${program.name} does not answer`, { cause: error });
      await pause(50);
    }
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function endOf(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.ref();
  // Nothing in these servers is worth a clean shutdown: their folders are deleted with them.
  child.kill('SIGKILL');
  await Promise.race([ended, pause(stopDeadlineMs, undefined, { ref: false })]);
}
