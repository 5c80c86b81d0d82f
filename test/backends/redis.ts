import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { lastingPort } from '../platform/ports.ts';
import { createAuthority } from './certificates.ts';
import { type RunningServer, serverDirectory, startServer } from './child-server.ts';

export interface RedisServer extends RunningServer {
  mode: 'standalone' | 'cluster';
  /** Where a client connects first. */
  host: string;
  port: number;
  password: string;
  /** The processes: one, or one for each master of a cluster. */
  readonly pids: readonly number[];
  /** Kills it, or one master of a cluster, and starts it again at its port, empty. */
  restart: (master?: number) => Promise<void>;
}

const host = '127.0.0.1';

/** What a Redis speaks TLS with, at a port of its own. */
export interface RedisOverTls {
  port: number;
  /** Who has signed its certificate, in PEM. */
  authority: string;
}

/** A Redis that takes connections by TLS at a second port. */
export async function startRedisOverTls(): Promise<RedisServer & { tls: RedisOverTls }> {
  const authority = createAuthority(serverDirectory('redis-authority'));
  const { certFile, keyFile } = authority.issue('redis', { addresses: [`IP:${host}`] });
  const port = await lastingPort();
  const server = await startRedis([
    ...['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-ca-cert-file', authority.certFile, '--tls-auth-clients', 'no'],
  ]);
  return Object.assign(server, { tls: { port, authority: authority.cert } });
}

/** A real Redis that keeps everything in memory. */
export async function startRedis(extraArgs: readonly string[] = []): Promise<RedisServer> {
  const server = await startRedisProcess(newPassword(), extraArgs);
  return {
    ...server,
    mode: 'standalone',
    get pid() {
      return server.pid;
    },
    get pids() {
      return [server.pid];
    },
  };
}

/** What clients of a test's server log in with. */
export const newPassword = (): string => randomBytes(12).toString('hex');

/** One process of Redis, alone or to become part of a cluster. */
export async function startRedisProcess(password: string, extraArgs: readonly string[] = []) {
  const directory = serverDirectory('redis');
  const port = await lastingPort();
  const program = {
    name: 'Redis',
    package: 'redis-server',
    command: 'redis-server',
    args: [
      ...['--bind', host, '--port', String(port), '--requirepass', password, '--save', '', '--appendonly', 'no'],
      ...extraArgs,
    ],
    probe: () => answersPing(port, password),
  };
  return Object.assign(await startServer(program, directory), { host, port, password });
}

async function answersPing(port: number, password: string): Promise<void> {
  const socket = connect({ host, port, timeout: 1000 });
  try {
    socket.write(`AUTH ${password}\r\nPING\r\n`);
    for (let reply = ''; !reply.includes('+PONG'); ) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      reply += chunk.toString();
    }
  } finally {
    socket.destroy();
  }
}
