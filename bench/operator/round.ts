import { setTimeout as pause } from 'node:timers/promises';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import type { Client } from '../../operator/kubernetes/client-types.ts';
import { resources } from '../../operator/kubernetes/resources.ts';
import { type ApiServer, startApiServer } from '../../test/cluster/api-server.ts';
import { isWrite } from '../../test/cluster/api-server-audit.ts';
import { toys } from './children.ts';
import type { Contestant } from './contestants.ts';
import { type Observer, startObserver } from './observer.ts';

export interface Load {
  toys: number;
  changes: number;
  perSecond: number;
}

/** What one contestant did in one round; times in ms, memory in MiB. */
export interface Result {
  createP50: number;
  createP99: number;
  changeP50: number;
  changeP99: number;
  cpuSeconds: number;
  restMiB: number;
  peakMiB: number;
  callsPerChange: number;
  writesPerChange: number;
  /** From the start of a process that finds everything in place to its having applied the one change that waited. */
  restartMs: number;
}

const namespace = 'bench';

/** One contestant against a fresh API server: Toys are created, changed, and found again after a restart. */
export async function runRound(contestant: Contestant, load: Load): Promise<Result> {
  const server = await startApiServer();
  try {
    await prepare(server.client);
    const observer = await startObserver(server.client, namespace);
    const user = `bench-${contestant.name.replaceAll(' ', '-')}`;
    const result = await measure({ contestant, load, server, observer, user });
    await observer.stop();
    return result;
  } finally {
    await server.stop();
  }
}

interface Round {
  contestant: Contestant;
  load: Load;
  server: ApiServer;
  observer: Observer;
  /** The name under which the API server knows the contestant. */
  user: string;
}

async function measure({ contestant, load, server, observer, user }: Round): Promise<Result> {
  const apply = (name: string, image: string) => appliedAfter(server.client, observer, name, image);
  const first = await contestant.start(server, user);
  await apply('warm-up', 'first');

  const names = Array.from({ length: load.toys }, (_, index) => `toy-${index}`);
  const created = await paced(names, load.perSecond, (name) => apply(name, 'one'));

  const before = callsOf(server, user);
  const changes = Array.from({ length: load.changes }, (_, index) => index);
  const changed = await paced(changes, load.perSecond, (index) =>
    apply(names[index % names.length] ?? '', `change-${index}`),
  );
  await pause(5_000);
  const after = callsOf(server, user);
  const cpuSeconds = first.cpuSeconds();
  const memory = first.memoryMiB();
  await first.stop();

  const caughtUp = apply('warm-up', 'second');
  await pause(500);
  const startedMs = performance.now();
  const second = await contestant.start(server, user);
  await caughtUp;
  const restartMs = performance.now() - startedMs;
  await second.stop();

  return {
    createP50: percentile(created, 0.5),
    createP99: percentile(created, 0.99),
    changeP50: percentile(changed, 0.5),
    changeP99: percentile(changed, 0.99),
    cpuSeconds,
    restMiB: memory.now,
    peakMiB: memory.peak,
    callsPerChange: (after.all - before.all) / load.changes,
    writesPerChange: (after.writes - before.writes) / load.changes,
    restartMs,
  };
}

/** Starts one piece of work after the other at a fixed rate, whatever the earlier ones take. */
async function paced<Item>(items: readonly Item[], perSecond: number, work: (item: Item) => Promise<number>) {
  const startMs = performance.now();
  const running: Promise<number>[] = [];
  for (const [index, item] of items.entries()) {
    const dueMs = startMs + (index * 1000) / perSecond;
    await pause(Math.max(0, dueMs - performance.now()));
    const begun = work(item);
    begun.catch(() => undefined); // told below, once all have been started
    running.push(begun);
  }
  return Promise.all(running);
}

/** Writes a Toy; answers how long after the server's answer all four children were as it asks, in ms. */
async function appliedAfter(client: Client, observer: Observer, name: string, image: string): Promise<number> {
  const toy = { apiVersion: 'bench.example/v1', kind: 'Toy', metadata: { namespace, name }, spec: { image } };
  const applied = observer.applied(name, image);
  await client.apply(toys, toy, { fieldManager: 'user' });
  const writtenMs = performance.now();
  return Math.max(0, (await applied) - writtenMs);
}

function callsOf(server: ApiServer, user: string): { all: number; writes: number } {
  const calls = server.requestsOf(user).filter(({ verb }) => verb !== 'watch');
  return { all: calls.length, writes: calls.filter(isWrite).length };
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const definition: V1CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'toys.bench.example' },
  spec: {
    group: 'bench.example',
    scope: 'Namespaced',
    names: { plural: 'toys', singular: 'toy', kind: 'Toy' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { image: { type: 'string' } } } },
          },
        },
      },
    ],
  },
};

async function prepare(client: Client): Promise<void> {
  const { customResourceDefinitions, namespaces } = resources;
  await client.apply(customResourceDefinitions, definition as never, { fieldManager: 'bench' });
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (;;) {
    const live = await client.get(customResourceDefinitions, { name: 'toys.bench.example' });
    if (live.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break;
    await pause(50);
  }
  // Established is said before it is served everywhere.
  await pause(1_000);
}
