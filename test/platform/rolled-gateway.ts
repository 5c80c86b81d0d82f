import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { buildPlatform } from '../../operator/testing/build-platform.ts';
import { eventually } from '../eventually.ts';
import { configurationHere } from './gateway.ts';
import { lastingPort } from './ports.ts';

/** One pod of the gateway: nginx as the image starts it, and what the kubelet does to it in the end. */
export interface GatewayPod {
  port: number;
  /** Status of its probe of readiness; 0 when nobody answers. */
  readiness(): Promise<number>;
  /** What its preStop hook does first. */
  leave(): void;
  /** The signal that the image names for its end; resolves with the exit code. */
  quit(): Promise<number | null>;
}

const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

/** Starts a pod whose API services are all at one address. */
export async function startGatewayPod(folder: string, service: string): Promise<GatewayPod> {
  mkdirSync(folder, { recursive: true });
  const [port, healthPort] = [await lastingPort(), await lastingPort()];
  const upstreams = Object.fromEntries(
    ['auth', 'user', 'video', 'publish', 'object_store'].map((name) => [name, [service]]),
  );
  const options = { platform: buildPlatform(), port, publicUrl: `http://127.0.0.1:${port}`, upstreams };
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    configurationHere(options, folder, healthPort).replace('/dev/stdout', join(folder, 'access.log')),
  );
  // One user, as in the pod: its workers see what its hook writes.
  const arguments_ = ['-p', folder, '-c', file, '-e', join(folder, 'error.log'), '-g', 'daemon off; user root;'];
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'nginx', ...arguments_], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const readiness = () => statusOf(`http://127.0.0.1:${healthPort}/readyz`);
  await eventually('a gateway that is ready', async () => (await readiness()) === 204);
  return {
    port,
    readiness,
    leave: () => writeFileSync(join(folder, 'leaving'), ''),
    quit: () => {
      child.kill('SIGQUIT');
      return ended;
    },
  };
}

/** What a Service is to its clients: a new connection goes to the pod of the moment, one that is open stays where it is. */
export async function startService(first: number) {
  let current = first;
  const open = new Map<number, number>();
  const move = (port: number, by: number) => open.set(port, (open.get(port) ?? 0) + by);
  const server = createServer((client) => {
    const port = current;
    const pod = connect(port, '127.0.0.1');
    move(port, 1);
    client.once('close', () => move(port, -1));
    for (const [one, other] of [
      [client, pod],
      [pod, client],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    lead: (port: number) => {
      current = port;
    },
    connectionsTo: (port: number): number => open.get(port) ?? 0,
    close: () => server.close(),
  };
}
