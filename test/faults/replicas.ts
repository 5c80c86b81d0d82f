import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LeaderTiming } from '../../operator/kubernetes/leader-election.ts';
import type { ApiServer } from '../cluster/api-server.ts';
import { type FaultProxy, startFaultProxy } from './proxy.ts';

export interface ReplicaSettings {
  apiUrl: string;
  namespace: string;
  identity: string;
  timing: LeaderTiming;
}

export interface ReplicaEvent {
  event: 'standing by' | 'leading' | 'passed' | 'released' | 'lost';
  /** On the clock of the machine, in ms. */
  atMs: number;
}

/** A process of a toy operator, behind a proxy of its own and known to the API server by a name of its own. */
export interface Replica {
  user: string;
  proxy: FaultProxy;
  signal: (signal: NodeJS.Signals) => void;
  /** Resolves with the time of an event, also when it has happened already; rejects when the process ends without it. */
  until: (event: ReplicaEvent['event']) => Promise<number>;
  ended: Promise<unknown>;
  /** Kills it, whatever it does. */
  dispose: () => Promise<void>;
}

const program = fileURLToPath(new URL('./replica.ts', import.meta.url));

let started = 0;

export async function startReplica(server: ApiServer, namespace: string, timing: LeaderTiming): Promise<Replica> {
  started += 1;
  const user = `replica-${process.pid}-${started}`;
  const proxy = await startFaultProxy(server.accessOf(user));
  const settings: ReplicaSettings = { apiUrl: proxy.access.server.href, namespace, identity: user, timing };
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const replica = {
    user,
    proxy,
    ended,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    until: createWaiting(child, ended),
    dispose: async () => {
      child.kill('SIGKILL');
      await ended;
      await proxy.stop();
    },
  };
  await replica.until('standing by');
  return replica;
}

function createWaiting(child: ChildProcess, ended: Promise<unknown>): Replica['until'] {
  const happened = new Map<ReplicaEvent['event'], PromiseWithResolvers<number>>();
  const entry = (event: ReplicaEvent['event']) => {
    const known = happened.get(event) ?? Promise.withResolvers<number>();
    happened.set(event, known);
    return known;
  };
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      const { event, atMs }: ReplicaEvent = JSON.parse(line);
      entry(event).resolve(atMs);
    });
  }
  return (event) =>
    Promise.race([
      entry(event).promise,
      ended.then(() => {
        throw new Error(`the replica ended before it was ${event}`);
      }),
    ]);
}
