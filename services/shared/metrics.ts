import { readdirSync } from 'node:fs';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';

/** The registry that `/metrics` prints. Parts of a process register their own metrics in it. */
export type Metrics = Registry;

/**
 * The process's own metrics, each computed when it is scraped. prom-client's defaults are not used: they keep a timer
 * that wakes an idle process 100 times a second.
 */
export function createMetrics(component: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
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
  gauge('process_open_fds', 'Open file descriptors', () => readdirSync('/proc/self/fd').length);
  gauge('nodejs_heap_size_used_bytes', 'Used bytes of the V8 heap', () => process.memoryUsage().heapUsed);
  gauge(
    'nodejs_eventloop_utilization_ratio',
    'Busy share of the event loop since the last scrape',
    busySinceLastCall(),
  );
  return registry;
}

function busySinceLastCall(): () => number {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
