import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTokens, type Tokens } from '../../services/shared/tokens.ts';
import { freshBuckets, freshDatabase, freshPrefixOn, freshRedisPrefix, freshTopicPrefix } from '../backends/index.ts';
import { type RedisServer, startRedis } from '../backends/redis.ts';
import { startRedisCluster } from '../backends/redis-cluster.ts';
import { answersWell, type RestartableProcess, restartableProcess } from './component-process.ts';
import { createFfmpegProcess, type FfmpegProcess } from './ffmpeg-process.ts';
import { createGateway } from './gateway.ts';
import { logFolder } from './logs.ts';
import { lastingPort } from './ports.ts';
import { type BackendSettings, factsFor, objectFor, type Spec, settingsHere } from './settings.ts';

export type { BackendSettings } from './settings.ts';

const components = ['auth', 'user', 'video', 'publish', 'like-writer', 'transcoder'] as const;
const apis = ['auth', 'user', 'video', 'publish'] as const;

/** As in the images. */
const nodeOptions = '--max-semi-space-size=4';

export type TestedComponent = (typeof components)[number];

export interface PlatformOptions {
  /** One of each, unless said otherwise; 0 leaves a component out. */
  replicas?: Partial<Record<TestedComponent, number>>;
  /** A server or a cluster of its own, or one that the caller stops; without it that of the test run, which TEST_REDIS chooses. */
  redis?: 'single' | 'cluster' | RedisServer;
  /** As a user would write it: limits, list sizes, lifetimes. */
  spec?: Spec;
  /** Settings that no spec names, by their name, for every component that reads them. */
  settings?: Readonly<Record<string, string | number>>;
  partitions?: number;
  /** Fills the servers before the first process starts. */
  prepare?: (settings: BackendSettings) => Promise<void>;
}

export interface PlatformUnderTest {
  /** Address of the gateway. */
  url: string;
  settings: BackendSettings;
  /** Issues tokens that the platform accepts, for users that were not registered through it. */
  tokens: Tokens;
  /** What the processes print, a file each. */
  logs: string;
  /** Address of one replica, past the gateway. */
  addressOf(component: (typeof apis)[number], replica?: number): string;
  /** Address of a replica's probes and metrics, which the gateway does not lead to. */
  healthOf(component: TestedComponent, replica?: number): string;
  /** What a replica's process reads at its start. */
  environmentOf(component: TestedComponent, replica?: number): Record<string, string>;
  pidOf(component: TestedComponent | 'gateway', replica?: number): number;
  /** Ends a replica with SIGKILL. */
  kill(component: TestedComponent | 'gateway', replica?: number): Promise<void>;
  /** Starts a replica (again, at its old address); resolves when it is ready. */
  restart(component: TestedComponent | 'gateway', replica?: number): Promise<void>;
  /** Ends all of it; throws when a process had ended by itself. */
  stop(): Promise<void>;
}

/**
 * A whole platform on this machine: the processes of every component, with the settings that the operator would give them
 * for the same object, behind the gateway that it would configure, on real servers and with names of its own.
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<PlatformUnderTest> {
  const { cache, stopCache } = await cacheFor(options);
  const settings: BackendSettings = {
    ...(await freshDatabase()),
    ...cache,
    ...(await freshTopicPrefix({ partitions: options.partitions ?? 2 })),
    ...(await freshBuckets()),
  };
  const port = await lastingPort();
  const url = `http://127.0.0.1:${port}`;
  const platform = objectFor(settings, options.spec ?? {});
  const facts = factsFor(settings, url);
  const logs = logFolder();

  const replicas = await createReplicas(
    options,
    (component) =>
      settingsHere(component, platform, facts, {
        ...options.settings,
        OBJECT_STORE_ENDPOINT: settings.OBJECT_STORE_ENDPOINT,
      }),
    logs,
  );
  const gateway = await createGateway({
    ...{ platform, port, publicUrl: url, folder: logs },
    upstreams: { ...upstreamsTo(replicas), object_store: [new URL(settings.OBJECT_STORE_ENDPOINT).host] },
  });

  const replicaOf = (component: TestedComponent, index = 0): Replica => {
    const found = replicas.get(component)?.[index];
    if (!found) throw new Error(`there is no replica ${index} of ${component}`);
    return found;
  };
  const find = (component: TestedComponent | 'gateway', index?: number): RestartableProcess =>
    component === 'gateway' ? gateway : replicaOf(component, index).process;
  const all = () => {
    const running = [...replicas.values()].flat();
    return [gateway, ...running.flatMap(({ process, ffmpeg }) => (ffmpeg ? [ffmpeg.process, process] : [process]))];
  };
  const stop = async () => {
    const accidents = all().flatMap((process) => process.accident() ?? []);
    await Promise.all(all().map((process) => process.kill()));
    await Promise.all([...replicas.values()].flat().map(({ ffmpeg }) => ffmpeg?.remove()));
    await stopCache();
    if (accidents.length > 0) throw new Error(accidents.join('\n'));
  };
  try {
    await options.prepare?.(settings);
    await Promise.all(all().map((process) => process.start()));
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return {
    ...{ url, settings, logs, stop },
    tokens: createTokens({ keys: facts.credentials.signingKeys }),
    addressOf: (api, index) => `http://${replicaOf(api, index).address}`,
    healthOf: (component, index) => `http://${replicaOf(component, index).healthAddress}`,
    environmentOf: (component, index) => replicaOf(component, index).env,
    pidOf: (component, index) => find(component, index).pid(),
    kill: (component, index) => find(component, index).kill(),
    restart: (component, index) => find(component, index).start(),
  };
}

type Replicas = ReadonlyMap<string, readonly Replica[]>;

interface Replica {
  address: string;
  healthAddress: string;
  env: Record<string, string>;
  process: RestartableProcess;
  /** Runs beside a transcoder, and goes on when that is killed. */
  ffmpeg?: FfmpegProcess;
}

async function createReplicas(
  { replicas = {} }: PlatformOptions,
  settingsOf: (component: TestedComponent) => Record<string, string>,
  logs: string,
): Promise<Replicas> {
  const created = new Map<string, readonly Replica[]>();
  for (const component of components) {
    const env = settingsOf(component);
    const indexes = Array.from({ length: replicas[component] ?? 1 }, (_, index) => index);
    created.set(component, await Promise.all(indexes.map((index) => createReplica({ component, index, logs, env }))));
  }
  return created;
}

/** nginx wants an address for each; nothing listens on port 1. */
const upstreamsTo = (replicas: Replicas): Record<string, string[]> =>
  Object.fromEntries(
    apis.map((api) => {
      const addresses = (replicas.get(api) ?? []).map(({ address }) => address);
      return [api, addresses.length > 0 ? addresses : ['127.0.0.1:1']];
    }),
  );

async function cacheFor({ redis }: PlatformOptions) {
  const leave = async () => undefined;
  if (redis === undefined) return { cache: await freshRedisPrefix(), stopCache: leave };
  if (typeof redis === 'object') return { cache: freshPrefixOn(redis), stopCache: leave };
  const server = redis === 'single' ? await startRedis() : await startRedisCluster();
  return { cache: freshPrefixOn(server), stopCache: () => server.stop() };
}

interface ReplicaOptions {
  component: TestedComponent;
  index: number;
  logs: string;
  env: Record<string, string>;
}

async function createReplica({ component, index, logs, env: values }: ReplicaOptions): Promise<Replica> {
  const [httpPort, healthPort] = [await lastingPort(), await lastingPort()];
  const ports = { HEALTH_PORT: String(healthPort), ...('HTTP_PORT' in values && { HTTP_PORT: String(httpPort) }) };
  const main = fileURLToPath(new URL(`../../services/${component}/main.ts`, import.meta.url));
  const name = `${component}-${index}`;
  const ffmpeg =
    component === 'transcoder'
      ? createFfmpegProcess({ name: `ffmpeg-${index}`, logFile: join(logs, `ffmpeg-${index}.log`) })
      : undefined;
  const env = { NODE_OPTIONS: nodeOptions, ...values, ...ports, ...ffmpeg?.settings };
  return {
    ...(ffmpeg && { ffmpeg }),
    address: `127.0.0.1:${httpPort}`,
    healthAddress: `127.0.0.1:${healthPort}`,
    env,
    process: restartableProcess({
      ...{ name, env },
      command: [process.execPath, main],
      isReady: () => answersWell(`http://127.0.0.1:${healthPort}/readyz`),
      logFile: join(logs, `${name}.log`),
    }),
  };
}
