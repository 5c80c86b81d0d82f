import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Has gauges brought up to date each time they are read; the returned function ends it. */
export type OnScrape = (update: () => void) => () => void;

/** `rest_client_*`: what the client sends. */
export interface ClientMetrics {
  requests: Counter<'method' | 'code' | 'host'>;
}

/** `reflector_*`: the watches. */
export interface ReflectorMetrics {
  lists: Counter<'resource'>;
  watches: Counter<'resource'>;
  failures: Counter<'resource' | 'reason'>;
  handlerFailures: Counter<'resource'>;
  lastEventAge: Gauge<'resource'>;
  onScrape: OnScrape;
}

/** `workqueue_*`, as client-go and controller-runtime name them. */
export interface QueueMetrics {
  depth: Gauge<'name' | 'controller' | 'priority'>;
  adds: Counter<'name' | 'controller'>;
  retries: Counter<'name' | 'controller'>;
  queueDuration: Histogram<'name' | 'controller'>;
  workDuration: Histogram<'name' | 'controller'>;
  unfinishedWork: Gauge<'name' | 'controller'>;
  longestRunning: Gauge<'name' | 'controller'>;
  onScrape: OnScrape;
}

/** `controller_runtime_*`. */
export interface ControllerMetrics {
  reconciles: Counter<'controller' | 'result'>;
  errors: Counter<'controller'>;
  terminalErrors: Counter<'controller'>;
  timeouts: Counter<'controller'>;
  panics: Counter<'controller'>;
  seconds: Histogram<'controller'>;
  activeWorkers: Gauge<'controller'>;
  maxConcurrent: Gauge<'controller'>;
}

/** `leader_election_*`. */
export interface LeaderMetrics {
  master: Gauge<'name'>;
}

/** `events_*`: what happened to recorded events. */
export interface EventMetrics {
  recorded: Counter<'outcome'>;
}

/** All metrics of the machinery. Named as controller-runtime's, so that its dashboards and alerts work. */
export interface MachineryMetrics {
  client: ClientMetrics;
  reflector: ReflectorMetrics;
  queue: QueueMetrics;
  controller: ControllerMetrics;
  leader: LeaderMetrics;
  events: EventMetrics;
}

/** Registers the machinery's metrics; call it once for a registry. */
export function createMachineryMetrics(registry: Registry): MachineryMetrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[], collect = () => {}) =>
    new Gauge({ name, help, labelNames, registers, collect });
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[], buckets = queueBuckets) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const queues = createUpdates();
  const reflectors = createUpdates();
  const queueLabels: ('name' | 'controller')[] = ['name', 'controller'];

  return {
    client: {
      requests: counter('rest_client_requests_total', 'Answers of the API server, by code, method and host', [
        'method',
        'code',
        'host',
      ]),
    },
    reflector: {
      lists: counter('reflector_lists_total', 'Full lists', ['resource']),
      watches: counter('reflector_watches_total', 'Watches opened', ['resource']),
      failures: counter('reflector_failures_total', 'Lists and watches that failed, by reason', ['resource', 'reason']),
      handlerFailures: counter('reflector_handler_failures_total', 'Change handlers that threw', ['resource']),
      lastEventAge: gauge(
        'reflector_last_event_age_seconds',
        'Time since the server last said anything',
        ['resource'],
        reflectors.run,
      ),
      onScrape: reflectors.add,
    },
    queue: {
      // Read first of the three, so that it brings all of them up to date.
      depth: gauge('workqueue_depth', 'Keys that wait for a worker', [...queueLabels, 'priority'], queues.run),
      adds: counter('workqueue_adds_total', 'Keys added', queueLabels),
      retries: counter('workqueue_retries_total', 'Keys added again after a failure', queueLabels),
      queueDuration: histogram(
        'workqueue_queue_duration_seconds',
        'Time a key waits before it is worked on',
        queueLabels,
      ),
      workDuration: histogram('workqueue_work_duration_seconds', 'Time a key is worked on', queueLabels),
      unfinishedWork: gauge('workqueue_unfinished_work_seconds', 'Sum of the ages of the work under way', queueLabels),
      longestRunning: gauge(
        'workqueue_longest_running_processor_seconds',
        'Age of the oldest work under way',
        queueLabels,
      ),
      onScrape: queues.add,
    },
    controller: {
      reconciles: counter('controller_runtime_reconcile_total', 'Passes, by result', ['controller', 'result']),
      errors: counter('controller_runtime_reconcile_errors_total', 'Passes that failed', ['controller']),
      terminalErrors: counter(
        'controller_runtime_terminal_reconcile_errors_total',
        'Passes that failed and are not repeated',
        ['controller'],
      ),
      timeouts: counter('controller_runtime_reconcile_timeouts_total', 'Passes that ran out of time', ['controller']),
      panics: counter('controller_runtime_reconcile_panics_total', 'Passes that failed with a programming error', [
        'controller',
      ]),
      seconds: histogram('controller_runtime_reconcile_time_seconds', 'Time of a pass', ['controller'], passBuckets),
      activeWorkers: gauge('controller_runtime_active_workers', 'Workers that are busy', ['controller']),
      maxConcurrent: gauge('controller_runtime_max_concurrent_reconciles', 'Workers', ['controller']),
    },
    leader: {
      master: gauge('leader_election_master_status', '1 while this process leads', ['name']),
    },
    events: {
      recorded: counter('events_recorded_total', 'Events by outcome: created, merged, dropped, failed', ['outcome']),
    },
  };
}

function createUpdates() {
  const updates = new Set<() => void>();
  return {
    add: (update: () => void) => {
      updates.add(update);
      return () => void updates.delete(update);
    },
    run: () => {
      for (const update of updates) update();
    },
  };
}

/** client-go's: from 10 ns to 1000 s. */
const queueBuckets = Array.from({ length: 12 }, (_, index) => 10 ** (index - 8));

const passBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
