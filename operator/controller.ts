import { plural } from './api/tiktok-lite.ts';
import type { ImageDefaults } from './images.ts';
import { createChildren } from './kubernetes/children.ts';
import type { Client } from './kubernetes/client-types.ts';
import type { Clock } from './kubernetes/clock.ts';
import type { EventRecorder } from './kubernetes/events.ts';
import type { Log } from './kubernetes/log.ts';
import type { MachineryMetrics } from './kubernetes/metrics.ts';
import { resources } from './kubernetes/resources.ts';
import { createWorkQueue } from './kubernetes/work-queue.ts';
import { runWorkers, type Workers } from './kubernetes/workers.ts';
import {
  createMirrors,
  fieldManager,
  httpRoutes,
  kafkaTopics,
  type Mirrors,
  platformOf,
  scaledObjects,
  tiktokLites,
  triggerAuthentications,
} from './mirrors.ts';
import { createPass } from './pass.ts';
import type { AskWorker } from './scaler/ask-worker.ts';
import type { LagReader } from './scaler/lag.ts';
import { createScaler, scaleManager } from './scaler/loop.ts';
import type { RandomText } from './secrets/generated.ts';
import type { KafkaAccess } from './servers/kafka-client.ts';
import type { ServerWatch } from './servers/watch.ts';
import type { DeleteTopics } from './topics/apply.ts';
import type { TopicKeeper } from './topics/keeper.ts';
import type { AskCache } from './warm-up/ask.ts';

export interface ControllerOptions {
  client: Client;
  /** All when absent. */
  namespace?: string;
  operatorClass: string;
  images: ImageDefaults;
  /** Where clients reach node ports. */
  nodeAddress: string;
  /** Where the operator's own pods are: policies of platforms let them in. */
  operatorNamespace: string;
  topics: TopicKeeper;
  deleteTopics: DeleteTopics;
  servers: ServerWatch;
  askCache: AskCache;
  lags: LagReader;
  askWorker: AskWorker;
  events: EventRecorder;
  randomText: RandomText;
  log: Log;
  clock: Clock;
  metrics?: MachineryMetrics;
}

/** Watches platforms and their children, and passes over each platform that something has happened to. */
export interface Controller {
  /** Begins to watch; also a process that does not lead does, so that it can take over at once. */
  watch: () => void;
  /** Resolves when everything was listed once. */
  synced: () => Promise<void>;
  /** Begins to work. */
  work: () => void;
  /** Takes up no more platforms and waits for the passes under way. */
  stopWork: (reason: string) => Promise<void>;
  stopWatch: () => Promise<void>;
  /** Whether the watches are alive. */
  isWatching: () => boolean;
}

/** A watch says something at least once a minute. */
const deadWatchSeconds = 150;

export function createController(options: ControllerOptions): Controller {
  const { log, clock, metrics } = options;
  const queue = createWorkQueue({ name: plural, clock, ...(metrics ? { metrics: metrics.queue } : {}) });
  options.topics.onSettled((key) => queue.add(key));
  options.servers.onChanged((key) => queue.add(key));
  const mirrors = createMirrors({
    client: options.client,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    operatorClass: options.operatorClass,
    wake: (key, initial) => queue.add(key, { priority: initial ? 'low' : 'normal' }),
    log,
    clock,
    ...(metrics ? { metrics: metrics.reflector } : {}),
  });
  const kafkaAccess = new Map<string, KafkaAccess>();
  const scaler = createScaler({
    ...options,
    kafkaOf: (key) => kafkaAccess.get(key),
    deployments: mirrors.deployments,
    platforms: () => mirrors.platforms.list().map(platformOf),
    changed: (key) => queue.add(key),
  });
  const pass = createPass({
    ...options,
    ...mirrors,
    scaler,
    kafkaAccess,
    platformResource: tiktokLites,
    children: childrenOf(mirrors, options),
  });

  const { reflectors } = mirrors;
  let workers: Workers | undefined;
  return {
    watch: () => {
      for (const reflector of reflectors) reflector.start();
    },
    synced: async () => void (await Promise.all(reflectors.map((reflector) => reflector.synced()))),
    work: () => {
      const measured = metrics ? { metrics: metrics.controller } : {};
      workers = runWorkers(queue, pass, { name: plural, log, clock, ...measured });
      scaler.start();
    },
    stopWork: async (reason) => {
      await Promise.all([workers?.stop({ reason }), scaler.stop()]);
      await options.servers.stop();
    },
    stopWatch: async () => void (await Promise.all(reflectors.map((reflector) => reflector.stop()))),
    isWatching: () => reflectors.every((reflector) => reflector.lastEventAgeSeconds() < deadWatchSeconds),
  };
}

/** Every kind that a platform has children of. */
const childrenOf = (mirrors: Mirrors, { client, log }: ControllerOptions) =>
  createChildren({
    client,
    fieldManager,
    scaleManager,
    hashAnnotation: 'tiktoklite.dev/applied-hash',
    log,
    kinds: [
      { resource: resources.deployments, store: mirrors.deployments },
      { resource: resources.statefulSets, store: mirrors.statefulSets },
      { resource: resources.services, store: mirrors.services },
      { resource: resources.configMaps, store: mirrors.configMaps },
      { resource: resources.jobs, store: mirrors.jobs },
      { resource: resources.persistentVolumeClaims, store: mirrors.volumes },
      { resource: resources.serviceAccounts, store: mirrors.serviceAccounts },
      { resource: resources.networkPolicies, store: mirrors.networkPolicies },
      { resource: resources.podDisruptionBudgets, store: mirrors.disruptionBudgets },
      { resource: resources.ingresses, store: mirrors.ingresses },
      { resource: resources.horizontalPodAutoscalers, store: mirrors.horizontalPodAutoscalers },
      { resource: httpRoutes, store: mirrors.httpRoutes },
      { resource: scaledObjects, store: mirrors.scaledObjects },
      { resource: triggerAuthentications, store: mirrors.triggerAuthentications },
      { resource: kafkaTopics, store: mirrors.kafkaTopics },
      // Without a copy: Secrets are read one by one, never listed or watched.
      { resource: resources.secrets },
    ],
  });
