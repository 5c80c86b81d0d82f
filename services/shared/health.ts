import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

/** Whether a dependency can be used now: resolves when it can, rejects (or answers false) when not. */
export type ReadinessCheck = () => Promise<unknown> | boolean;

export interface Health {
  /** Adds a dependency that `/readyz` looks at; a check should cost one cheap round trip or less. */
  check(name: string, check: ReadinessCheck): void;
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
  let phase: 'starting' | 'running' | 'draining' = 'starting';
  return {
    check: (name, check) => void checks.set(name, check),
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
  return usable ? undefined : `${name} cannot be reached`;
}

const answerOf = async (check: ReadinessCheck): Promise<boolean> => {
  try {
    return (await check()) !== false;
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
  const path = url.split('?')[0];
  if (path === '/healthz') return reply(response, 200, 'ok\n');
  if (path === '/readyz') {
    const complaints = await health.complaints();
    return complaints.length === 0 ? reply(response, 200, 'ok\n') : reply(response, 503, `${complaints.join('\n')}\n`);
  }
  if (path === '/metrics') {
    response.setHeader('content-type', metrics.contentType);
    return reply(response, 200, await metrics.metrics());
  }
  return reply(response, 404, 'there is /healthz, /readyz and /metrics\n');
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
