import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

/** Whether a dependency can be used now: resolves when it can, rejects (or answers false) when not, or answers what is wrong in words. */
export type ReadinessCheck = () => Promise<unknown> | boolean;

/** What a process tells of itself as JSON. */
export type Report = () => Promise<object | undefined>;

export interface Health {
  /** Adds a dependency that `/readyz` looks at; a check should cost one cheap round trip or less. */
  check(name: string, check: ReadinessCheck): void;
  /** Answers on a path of its own what is told; nothing to tell is answered with 204, and a failure with 503. */
  report(path: string, tell: Report): void;
  reportAt(path: string): Report | undefined;
  started(): void;
  draining(): void;
  /** What keeps the process from being ready, in words; empty when it is ready. */
  complaints(): Promise<string[]>;
}

/** A check that hangs must not hang the probe. */
const checkTimeoutMs = 1000;

/** Keeps what `/readyz` answers: started, not draining, every dependency reachable. */
export function createHealth(): Health {
  const checks = new Map<string, ReadinessCheck>();
  const reports = new Map<string, Report>();
  let phase: 'starting' | 'running' | 'draining' = 'starting';
  return {
    check: (name, check) => void checks.set(name, check),
    report: (path, tell) => void reports.set(path, tell),
    reportAt: (path) => reports.get(path),
    started: () => {
      if (phase === 'starting') phase = 'running';
    },
    draining: () => {
      phase = 'draining';
    },
    complaints: async () => {
      if (phase !== 'running') return [`the process is ${phase}`];
      const outcomes = await Promise.all([...checks].map(([name, check]) => complaintOf(name, check)));
      return outcomes.filter((complaint) => complaint !== undefined);
    },
  };
}

async function complaintOf(name: string, check: ReadinessCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, false);
  });
  const usable = await Promise.race([answerOf(check), timeout]);
  clearTimeout(timer);
  if (typeof usable === 'string') return usable;
  return usable ? undefined : `${name} cannot be reached`;
}

const answerOf = async (check: ReadinessCheck): Promise<boolean | string> => {
  try {
    const answer = await check();
    return typeof answer === 'string' ? answer : answer !== false;
  } catch {
    return false;
  }
};

/** Serves probes and metrics on a port of their own, so that no request can keep a probe waiting in a queue. */
export async function serveHealth(options: { port: number; health: Health; metrics: Metrics }): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, resolve);
  });

  return server;
}

async function answer(
  url: string,
  response: ServerResponse,
  { health, metrics }: { health: Health; metrics: Metrics },
) {
  const [path = '/'] = url.split('?');
  if (path === '/healthz') return reply(response, 200, 'ok\n');
  if (path === '/readyz') {
    const complaints = await health.complaints();
    return complaints.length === 0 ? reply(response, 200, 'ok\n') : reply(response, 503, `${complaints.join('\n')}\n`);
  }
  if (path === '/metrics') {
    response.setHeader('content-type', metrics.contentType);
    return reply(response, 200, await metrics.metrics());
  }
  const report = health.reportAt(path);
  if (report) return replyReport(response, report);
  return reply(response, 404, 'there is /healthz, /readyz and /metrics\n');
}

async function replyReport(response: ServerResponse, report: Report): Promise<void> {
  try {
    const told = await report();
    response.setHeader('content-type', 'application/json');
    return told ? reply(response, 200, JSON.stringify(told)) : reply(response, 204, '');
  } catch {
    return reply(response, 503, 'what it is about cannot be asked now\n');
  }
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
