import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort, type RunningServer, serverDirectory, startServer } from './child-server.ts';

export interface RedisServer extends RunningServer {
  host: string;
  port: number;
  password: string;
}

const host = '127.0.0.1';

/** A real Redis that keeps everything in memory. */
export async function startRedis(): Promise<RedisServer> {
  const directory = serverDirectory('redis');
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const program = {
    name: 'Redis',
    package: 'redis-server',
    command: 'redis-server',
    args: ['--bind', host, '--port', String(port), '--requirepass', password, '--save', '', '--appendonly', 'no'],
    probe: () => answersPing(port, password),
  };
  return { ...(await startServer(program, directory)), host, port, password };
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
