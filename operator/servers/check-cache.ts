import { tlsOptions } from '../../services/shared/settings.ts';
import { ServerError } from './failure.ts';
import type { CacheTarget } from './target.ts';

/** How long the key lives that shows whether anything may be written. */
const writtenForMs = 1_000;

/** Logs in, sees whether it is what the object says, one server or a cluster, and writes a key that goes at once. */
export async function checkCache(target: CacheTarget, patienceMs: number): Promise<void> {
  const { Redis } = await import('ioredis');
  const [address] = target.addresses;
  const tls = tlsOptions(target.tls);
  const redis = new Redis({
    ...address,
    password: target.password,
    ...(tls && { tls }),
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
  });
  // What connecting ends with does not say why; this does.
  let why: Error | undefined;
  redis.on('error', (error: Error) => {
    why = error;
  });
  try {
    await redis.connect();
    const isCluster = /^cluster_enabled:1/m.test(await redis.info('cluster'));
    if (isCluster !== (target.mode === 'cluster')) throw new ServerError('WrongMode', modeMessage(isCluster));
    await write(redis, target);
  } catch (error) {
    throw error instanceof ServerError ? error : (why ?? error);
  } finally {
    redis.disconnect();
  }
}

const modeMessage = (isCluster: boolean): string =>
  isCluster ? 'is a node of a Redis Cluster, not a single server' : 'is a single server, not a node of a Redis Cluster';

interface Writer {
  set(key: string, value: string, unit: 'PX', lifeMs: number): Promise<unknown>;
}

/** Another node of a cluster is as good an answer: this one took the command. */
async function write(redis: Writer, { keyPrefix }: CacheTarget): Promise<void> {
  try {
    await redis.set(`${keyPrefix}:operator-looks`, '1', 'PX', writtenForMs);
  } catch (error) {
    if (!(error instanceof Error && /^(MOVED|ASK) /.test(error.message))) throw error;
  }
}
