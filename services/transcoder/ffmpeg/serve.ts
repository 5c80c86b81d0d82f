import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../../shared/logger.ts';
import { MediaToolError } from '../media/media-tool-error.ts';
import { createLineReader, failureOf, type Job, lineOf, parseJob, type Reply } from './protocol.ts';
import { runJob } from './run-job.ts';

interface Options {
  socketPath: string;
  folder: string;
  logger: Logger;
}

const maxJobs = 16;

/** Runs one job for each connection to a Unix socket, and kills it when the connection ends. */
export async function serveFfmpeg({ socketPath, folder, logger }: Options) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('error', (error) => logger.debug({ error }, 'a connection broke'));
    receive(socket, folder);
  });
  server.maxConnections = maxJobs;
  await rm(socketPath, { force: true }); // of a process before this one
  await listen(server, socketPath);
  return {
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

/** Takes the first line as the job; what follows it is of no interest. */
function receive(socket: Socket, folder: string): void {
  const gone = new AbortController();
  socket.once('close', () => gone.abort(new Error('the worker is gone')));
  let isTaken = false;
  const read = createLineReader((line) => {
    if (isTaken) return;
    isTaken = true;
    const job = parseJob(line);
    if (job) void answer(socket, job, { folder, signal: gone.signal });
    else socket.destroy();
  });
  socket.setEncoding('utf8').on('data', (piece: string) => {
    try {
      read(piece);
    } catch {
      socket.destroy();
    }
  });
}

async function answer(socket: Socket, job: Job, { folder, signal }: { folder: string; signal: AbortSignal }) {
  const tell = (reply: Reply) => void (socket.writable && socket.write(lineOf(reply)));
  try {
    tell({ output: await runJob(job, { folder, signal, onProgress: (seconds) => tell({ seconds }) }) });
  } catch (error) {
    tell(failureOf(failureIn(error)));
  }
  socket.end();
}

const failureIn = (error: unknown) => {
  if (!(error instanceof MediaToolError)) return { reason: messageOf(error), log: '', timedOut: false };
  return { reason: messageOf(error.cause), log: error.log, timedOut: error.timedOut };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
