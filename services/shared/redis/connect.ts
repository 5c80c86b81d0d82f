import type { EventEmitter } from 'node:events';
import { Cluster, type ClusterOptions, type RedisOptions, Redis as Server } from 'ioredis';
import { type SettingsOf, tlsOptions } from '../settings.ts';

/**
 * One server or a cluster: the same commands. What names several keys names keys of one hash slot (`getMany` reads from
 * any), and what is meant for every server goes to `mastersOf`.
 */
export type Redis = Server | Cluster;

type CacheSettings = Pick<
  SettingsOf<'like-writer'>,
  'CACHE_MODE' | 'CACHE_HOST' | 'CACHE_PORT' | 'CACHE_PASSWORD' | 'CACHE_TLS'
>;

/** For a cluster whose nodes are reached at other addresses than they announce. */
type Reach = Pick<ClusterOptions, 'natMap'>;

/**
 * A connection that comes back by itself for ever. While it is away commands fail at once instead of waiting in a
 * queue: a request can then fall back or say so. Commands of one tick travel together, on a cluster those to one node.
 */
export const connectRedis = (settings: CacheSettings, reach: Reach = {}): Redis => {
  const redis = settings.CACHE_MODE === 'cluster' ? connectCluster(settings, reach) : connectServer(settings);
  eventsOf(redis).on('error', () => undefined); // the commands that fail say so; without a listener ioredis prints to the console
  return redis;
};

const connectServer = (settings: CacheSettings): Server =>
  new Server({ ...serverOptions(settings), enableAutoPipelining: true, enableOfflineQueue: false, retryStrategy });

const connectCluster = (settings: CacheSettings, reach: Reach): Cluster => {
  const redisOptions = serverOptions(settings);
  return new Cluster([{ host: redisOptions.host, port: redisOptions.port }], {
    ...reach,
    redisOptions,
    // A certificate is for the name of a node: ioredis would ask the node at its address.
    ...(redisOptions.tls && { dnsLookup: (name, answer) => answer(null, name) }),
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    // Once more after a look at who serves the slot now, then the caller decides; every script may be repeated.
    maxRedirections: 3,
    retryDelayOnMoved: 20, // until a connection to the node is there
    retryDelayOnFailover: 50,
    retryDelayOnClusterDown: 50,
    slotsRefreshTimeout: 2_000,
    slotsRefreshInterval: 60_000,
  });
};

const serverOptions = (settings: CacheSettings) => ({
  host: settings.CACHE_HOST,
  port: settings.CACHE_PORT,
  password: settings.CACHE_PASSWORD,
  ...securedBy(settings.CACHE_TLS),
  maxRetriesPerRequest: 1,
  autoResendUnfulfilledCommands: false, // a script that was cut off may have run: its caller decides
  connectTimeout: 3_000,
  commandTimeout: 2_000,
});

const securedBy = (setting: string): Pick<RedisOptions, 'tls'> => {
  const tls = tlsOptions(setting);
  return tls ? { tls } : {};
};

/** How long to wait before the next attempt to connect, in ms. */
export const retryStrategy = (attempts: number): number =>
  Math.min(100 * 2 ** attempts, 2_000) * (0.75 + Math.random() / 4);

/** The servers that hold keys: the one, or the masters of a cluster. */
export const mastersOf = (redis: Redis): readonly Server[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis];

/** A readiness check without a round trip: a lost connection is noticed by itself. */
export const redisAnswers = (redis: Redis) => (): boolean => redis.status === 'ready';

/** Waits for the first connection; rejects with the reason when there is none in time. */
export const untilReady = (redis: Redis, timeoutMs = 30_000): Promise<void> =>
  new Promise((resolve, reject) => {
    if (redis.status === 'ready') return resolve();
    const events = eventsOf(redis);
    let reason = 'no answer';
    const remember = (error: Error) => {
      reason = reasonOf(error);
    };
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      events.off('error', remember);
      events.off('ready', ready);
      settle();
    };
    const ready = () => finish(resolve);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`Redis cannot be reached at ${addressOf(redis)}: ${reason}`))),
      timeoutMs,
    );
    events.on('error', remember);
    events.once('ready', ready);
  });

/** Both kinds emit the same events, which the union of their types does not know. */
const eventsOf = (redis: Redis): EventEmitter => redis;

/** A cluster says "all nodes failed" and, apart, how the last one did. */
const reasonOf = (error: Error & { lastNodeError?: Error }): string => error.lastNodeError?.message ?? error.message;

const addressOf = ({ options }: Redis): string => {
  const { host, port } = ('redisOptions' in options ? options.redisOptions : options) as { host: string; port: number };
  return `${host}:${port}`;
};
