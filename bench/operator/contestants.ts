import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TlsMaterial } from '../../operator/kubernetes/access.ts';
import type { ApiServer } from '../../test/cluster/api-server.ts';

/** What toy.ts reads: an address, and certificates in PEM. */
export interface AccessFile {
  server: string;
  tls: TlsMaterial;
}

/** A toy operator of one make, as a process. */
export interface Contestant {
  name: string;
  start: (server: ApiServer, user: string) => Promise<RunningContestant>;
}

export interface RunningContestant {
  /** CPU time of the process so far. */
  cpuSeconds: () => number;
  /** Resident memory, now and at its highest. */
  memoryMiB: () => { now: number; peak: number };
  stop: () => Promise<void>;
}

const folder = fileURLToPath(new URL('./', import.meta.url));
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Runs as images/operator/Dockerfile has it: little room for young objects, and compiled beforehand. */
export function createOurs(directory: string): Contestant {
  const program = join(folder, 'toy.ts');
  const NODE_COMPILE_CACHE = join(directory, 'compile-cache');
  const env = { ...process.env, NODE_OPTIONS: '--max-semi-space-size=2', NODE_COMPILE_CACHE };
  spawnSync(process.execPath, [program, 'no file'], { env }); // loads everything, then fails
  if (!existsSync(NODE_COMPILE_CACHE)) throw new Error(`Node has not kept what it compiled of ${program}`);
  return {
    name: 'this machinery',
    start: async (server, user) => {
      const file = join(directory, `${user}.json`);
      const { tls } = await server.accessOf(user).credentials();
      writeFileSync(file, JSON.stringify({ server: server.url.origin, tls } satisfies AccessFile), { mode: 0o600 });
      return running(spawn(process.execPath, [program, file], { stdio: 'inherit', env }));
    },
  };
}

/** Builds the Go program first; what it is made of comes from the module proxy. */
export function createReference(directory: string): Contestant {
  const program = join(directory, 'reference');
  const source = join(folder, 'reference');
  execFileSync('go', ['build', '-C', source, '-trimpath', '-o', program, '.'], { stdio: 'inherit' });
  return {
    name: 'controller-runtime',
    start: async (server, user) => {
      const { tls } = await server.accessOf(user).credentials();
      const file = join(directory, `${user}.kubeconfig`);
      writeFileSync(file, kubeconfigOf(server.url.origin, tls), { mode: 0o600 });
      return running(spawn(program, ['--api-kubeconfig', file], { stdio: ['ignore', 'ignore', 'ignore'] }));
    },
  };
}

function running(child: ChildProcess): RunningContestant {
  const ended = once(child, 'exit');
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
  return {
    cpuSeconds: () => {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    },
    memoryMiB: () => ({ now: field('VmRSS') / 1024, peak: field('VmHWM') / 1024 }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** JSON, which readers of kubeconfigs take for YAML. */
function kubeconfigOf(server: string, { ca, cert, key }: TlsMaterial): string {
  const base64 = (pem: unknown) => Buffer.from(String(pem)).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'bench', user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  });
}
