import { createServer, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

interface HealthOptions {
  port: number;
  registry: Registry;
  /** What keeps the operator from being ready, in words; undefined when it is. */
  complaint: () => string | undefined;
}

/** Answers `/healthz` (the event loop turns), `/readyz` and `/metrics`. */
export async function serveHealth({ port, registry, complaint }: HealthOptions): Promise<Server> {
  const answer = async (path: string | undefined, response: ServerResponse): Promise<void> => {
    if (path === '/healthz') return reply(response, 200, 'ok\n');
    if (path === '/readyz') {
      const words = complaint();
      return words === undefined ? reply(response, 200, 'ok\n') : reply(response, 503, `${words}\n`);
    }
    if (path !== '/metrics') return reply(response, 404, 'there is /healthz, /readyz and /metrics\n');
    response.setHeader('content-type', registry.contentType);
    reply(response, 200, await registry.metrics());
  };
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0], response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

/** The process's own metrics, computed when they are read: prom-client's defaults wake an idle process 100 times a second. */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the process, user and system, in seconds',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('process_start_time_seconds', 'Unix time at which the process began', () => performance.timeOrigin / 1000);
  gauge('process_resident_memory_bytes', 'Resident memory of the process', () => process.memoryUsage.rss());
  gauge('nodejs_heap_size_used_bytes', 'Used bytes of the V8 heap', () => process.memoryUsage().heapUsed);
}
