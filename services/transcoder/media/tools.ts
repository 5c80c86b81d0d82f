import { connect, type Socket } from 'node:net';
import { createLineReader, type Job, lineOf, parseReply, type Reply } from '../ffmpeg/protocol.ts';
import type { Command } from './arguments.ts';
import { MediaToolError } from './media-tool-error.ts';

export interface Run {
  signal: AbortSignal;
  wallClockMs: number;
  /** Is told the seconds of output that are done, about twice a second. */
  onProgress?: ((seconds: number) => void) | undefined;
}

/** The only way to ffmpeg: a process that has nothing to lose runs it, in the pod's other container. */
export interface MediaTools {
  /** Resolves when the outputs are written; they have to lie in the folder of the input. */
  runFfmpeg(command: Command, run: Run): Promise<void>;
  /** Runs ffprobe on the file that the last argument names; resolves with what it printed. */
  runFfprobe(args: readonly string[], run: Omit<Run, 'onProgress'>): Promise<string>;
  /** Rejects when nobody answers. */
  check(): Promise<void>;
}

/** Waiting may help: the container starts again by itself. */
export class FfmpegUnreachable extends Error {
  readonly code = 'ECONNREFUSED';

  constructor(socketPath: string, cause: unknown) {
    super(`ffmpeg does not answer on ${socketPath}: is its container running?`, { cause });
    this.name = 'FfmpegUnreachable';
  }
}

/** The other side ends a run by itself; if it does not, it is given up after this much more. */
const graceMs = 10_000;
const checkMs = 5_000;

/**
 * Hands runs over a Unix socket, a connection each; closing it kills the run. A run that fails rejects with a MediaToolError,
 * one that is aborted with the reason of its signal.
 */
export function createMediaTools({ socketPath }: { socketPath: string }): MediaTools {
  return {
    runFfmpeg: async (command, { signal, wallClockMs, onProgress }) => {
      await ask(socketPath, { tool: 'ffmpeg', command, wallClockMs }, { signal, wallClockMs, onProgress });
    },
    runFfprobe: (args, { signal, wallClockMs }) =>
      ask(socketPath, { tool: 'ffprobe', args: [...args], wallClockMs }, { signal, wallClockMs }),
    check: async () => {
      await ask(socketPath, { tool: 'check' }, { signal: new AbortController().signal, wallClockMs: checkMs });
    },
  };
}

async function ask(socketPath: string, job: Job, { signal, wallClockMs, onProgress }: Run): Promise<string> {
  const late = AbortSignal.timeout(wallClockMs + graceMs);
  const end = AbortSignal.any([signal, late]);
  end.throwIfAborted();
  const socket = await open(socketPath);
  const stop = () => socket.destroy();
  end.addEventListener('abort', stop, { once: true });
  try {
    const answer = lastReply(socket, onProgress);
    if (end.aborted) stop();
    else socket.write(lineOf(job));
    return outcomeOf(await answer, job.tool);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (late.aborted) throw new MediaToolError(job.tool, { cause: error, log: '', timedOut: true });
    throw error;
  } finally {
    end.removeEventListener('abort', stop);
    socket.destroy();
  }
}

const open = (socketPath: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const fail = (cause: unknown) => reject(new FfmpegUnreachable(socketPath, cause));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });

/** Waits for the line that ends the run; what is not of the agreed form ends it too. */
const lastReply = (socket: Socket, onProgress?: (seconds: number) => void): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const read = createLineReader((line) => {
      const reply = parseReply(line);
      if (!reply) throw new Error('ffmpeg answered what it may not');
      if ('seconds' in reply) onProgress?.(reply.seconds);
      else resolve(reply);
    });
    socket.setEncoding('utf8').on('data', (piece: string) => {
      try {
        read(piece);
      } catch (error) {
        reject(error);
        socket.destroy();
      }
    });
    const lost = (cause?: unknown) =>
      reject(new Error('ffmpeg went away while it worked: it may have run out of memory', { cause }));
    socket.once('error', lost);
    socket.once('close', () => lost());
  });

function outcomeOf(reply: Reply, tool: string): string {
  if ('output' in reply) return reply.output;
  if (!('failure' in reply)) return '';
  const { reason, log, timedOut } = reply.failure;
  throw new MediaToolError(tool, { cause: new Error(reason), log, timedOut });
}
