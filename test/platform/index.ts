import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Facts, settingsFor } from '../../operator/resources/settings.ts';
import { buildPlatform } from '../../operator/testing/build-platform.ts';
import { createTokens, type Tokens } from '../../services/shared/tokens.ts';
import {
  type CacheSettings,
  type DatabaseSettings,
  freshBuckets,
  freshDatabase,
  freshPrefixOn,
  freshRedisPrefix,
  freshTopicPrefix,
  type KafkaSettings,
  type ObjectStoreSettings,
} from '../backends/index.ts';
import { startRedisCluster } from '../backends/redis-cluster.ts';
import { type RestartableProcess, restartableProcess } from './component-process.ts';
import { createGateway } from './gateway.ts';
import { logFolder } from './logs.ts';
import { lastingPort } from './ports.ts';

const components = ['auth', 'user', 'video', 'publish', 'like-writer', 'transcoder'] as const;
const apis = ['auth', 'user', 'video', 'publish'] as const;

export type TestedComponent = (typeof components)[number];

/** What the `spec` of a TiktokLite says beside the addresses of the servers. */
type Spec = NonNullable<Parameters<typeof buildPlatform>[0]>;

export interface PlatformOptions {
  /** One of each, unless said otherwise; 0 leaves a component out. */
  replicas?: Partial<Record<TestedComponent, number>>;
  /** A Redis Cluster of its own; without it the Redis of the test run, which TEST_REDIS chooses. */
  redis?: 'shared' | 'cluster';
  /** As a user would write it: limits, list sizes, lifetimes. */
  spec?: Spec;
  /** Settings that no spec names, by their name, for every component that reads them. */
  settings?: Readonly<Record<string, string | number>>;
  partitions?: number;
}

/** Where the servers are and which of their names belong to this platform. */
export type BackendSettings = DatabaseSettings & CacheSettings & KafkaSettings & ObjectStoreSettings;

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

  const replicas = new Map<string, Replica[]>();
  for (const component of components) {
    const count = options.replicas?.[component] ?? 1;
    const values = settingsOn(settings, platform, component, facts);
    const overrides = pick(options.settings ?? {}, Object.keys(values));
    replicas.set(
      component,
      await Promise.all(
        Array.from({ length: count }, (_, index) =>
          createReplica({ component, index, logs, env: { ...values, ...overrides } }),
        ),
      ),
    );
  }
  const gateway = await createGateway({
    ...{ platform, port, publicUrl: url, folder: logs },
    upstreams: {
      ...Object.fromEntries(apis.map((api) => [api, addressesOf(replicas.get(api) ?? [])])),
      object_store: [new URL(settings.OBJECT_STORE_ENDPOINT).host],
    },
  });

  const find = (component: TestedComponent | 'gateway', index = 0): RestartableProcess => {
    const found = component === 'gateway' ? gateway : replicas.get(component)?.[index]?.process;
    if (!found) throw new Error(`there is no replica ${index} of ${component}`);
    return found;
  };
  const all = () => [gateway, ...[...replicas.values()].flat().map(({ process }) => process)];
  const stop = async () => {
    const accidents = all().flatMap((process) => process.accident() ?? []);
    await Promise.all(all().map((process) => process.kill()));
    await stopCache();
    if (accidents.length > 0) throw new Error(accidents.join('\n'));
  };
  try {
    await Promise.all(all().map((process) => process.start()));
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return {
    ...{ url, settings, logs, stop },
    tokens: createTokens({ keys: facts.credentials.signingKeys }),
    addressOf: (api, index = 0) => {
      const address = addressesOf(replicas.get(api) ?? [])[index];
      if (address === undefined) throw new Error(`there is no replica ${index} of ${api}`);
      return `http://${address}`;
    },
    pidOf: (component, index) => find(component, index).pid(),
    kill: (component, index) => find(component, index).kill(),
    restart: (component, index) => find(component, index).start(),
  };
}

interface Replica {
  address: string;
  process: RestartableProcess;
}

const addressesOf = (replicas: readonly Replica[]): string[] =>
  // nginx wants an address in each upstream; nothing listens on port 1.
  replicas.length === 0 ? ['127.0.0.1:1'] : replicas.map(({ address }) => address);

async function cacheFor({ redis = 'shared' }: PlatformOptions) {
  if (redis === 'shared') return { cache: await freshRedisPrefix(), stopCache: async () => undefined };
  const cluster = await startRedisCluster();
  return { cache: freshPrefixOn(cluster), stopCache: () => cluster.stop() };
}

/** The object of this platform: its servers are external, except that the gateway passes the buckets on. */
const objectFor = (settings: BackendSettings, spec: Spec) =>
  buildPlatform({
    ...spec,
    database: {
      external: {
        host: settings.DATABASE_HOST,
        port: settings.DATABASE_PORT,
        database: settings.DATABASE_NAME,
        credentialsSecretRef: { name: 'database' },
      },
    },
    cache: {
      keyPrefix: settings.CACHE_KEY_PREFIX,
      external: { mode: settings.CACHE_MODE, host: settings.CACHE_HOST, port: settings.CACHE_PORT },
    },
    kafka: {
      topicPrefix: settings.KAFKA_TOPIC_PREFIX,
      external: { brokers: settings.KAFKA_BROKERS.split(',') },
    },
    objectStore: { embedded: {}, prefix: settings.OBJECT_STORE_PREFIX },
  });

const factsFor = (settings: BackendSettings, publicUrl: string): Facts => ({
  publicUrl,
  credentials: {
    database: { username: settings.DATABASE_USER, password: settings.DATABASE_PASSWORD },
    cache: { password: settings.CACHE_PASSWORD },
    objectStore: {
      accessKeyId: settings.OBJECT_STORE_ACCESS_KEY_ID,
      secretAccessKey: settings.OBJECT_STORE_SECRET_ACCESS_KEY,
    },
    signingKeys: JSON.stringify([{ kid: 'test', secret: randomBytes(32).toString('hex') }]),
  },
});

/** What the operator tells the component, with the object store at its address here. */
function settingsOn(
  settings: BackendSettings,
  platform: ReturnType<typeof objectFor>,
  component: TestedComponent,
  facts: Facts,
): Record<string, string> {
  const { plain, secret } = settingsFor(platform, component, facts);
  const here = pick({ OBJECT_STORE_ENDPOINT: settings.OBJECT_STORE_ENDPOINT }, Object.keys(plain));
  return { ...plain, ...secret, ...here };
}

const pick = (values: Readonly<Record<string, string | number>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (name in values ? [[name, String(values[name])]] : [])));

interface ReplicaOptions {
  component: TestedComponent;
  index: number;
  logs: string;
  env: Record<string, string>;
}

async function createReplica({ component, index, logs, env }: ReplicaOptions): Promise<Replica> {
  const [httpPort, healthPort] = [await lastingPort(), await lastingPort()];
  const ports = { HEALTH_PORT: healthPort, ...('HTTP_PORT' in env ? { HTTP_PORT: httpPort } : {}) };
  const main = fileURLToPath(new URL(`../../services/${component}/main.ts`, import.meta.url));
  const name = `${component}-${index}`;
  return {
    address: `127.0.0.1:${httpPort}`,
    process: restartableProcess({
      name,
      command: [process.execPath, main],
      env: { ...env, ...pick(ports, Object.keys(ports)) },
      readyUrl: `http://127.0.0.1:${healthPort}/readyz`,
      logFile: join(logs, `${name}.log`),
    }),
  };
}
