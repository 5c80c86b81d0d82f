import { setTimeout as pause } from 'node:timers/promises';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
}

const inspector = 'http://127.0.0.1:9229';
const closeSoon = "setTimeout(() => process.getBuiltinModule('inspector').close(), 20)";

/** Where a Node process spends its time during some work: shares of the samples by function, the largest first. */
export async function profileOf(pid: number, work: () => Promise<unknown>): Promise<string[]> {
  process.kill(pid, 'SIGUSR1'); // opens the inspector, and does nothing when it is open
  const call = await connect();
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: 500 });
  await call('Profiler.start');
  await work();
  const { profile } = (await call('Profiler.stop')) as { profile: Profile };
  await call('Runtime.evaluate', { expression: closeSoon }); // its port is then free for another process
  return summaryOf(profile);
}

type Call = (method: string, params?: object) => Promise<unknown>;

async function connect(): Promise<Call> {
  const socket = new WebSocket(await debuggerUrl());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let lastId = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result);
  };
  return (method, params = {}) =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
}

async function debuggerUrl(): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answer = await fetch(`${inspector}/json/list`).catch(() => undefined);
    if (answer?.ok) return ((await answer.json()) as { webSocketDebuggerUrl: string }[])[0]?.webSocketDebuggerUrl ?? '';
    await pause(50);
  }
  throw new Error(`the inspector does not answer at ${inspector}`);
}

const shown = 45;

function summaryOf({ nodes, samples }: Profile): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([name, count]) => `${((count / samples.length) * 100).toFixed(1).padStart(5)} %  ${name}`);
}

const nameOf = ({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string =>
  `${functionName || '(anonymous)'} ${url.replace(/^.*?(services|node_modules)\//, '$1/')}:${lineNumber + 1}`;
