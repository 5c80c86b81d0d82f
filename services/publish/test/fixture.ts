import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { freshBuckets, freshDatabase, freshRedisPrefix } from '../../../test/backends/index.ts';
import { serveApp } from '../../shared/http/server.ts';
import { createIdGenerator } from '../../shared/ids/generator.ts';
import { createLogger } from '../../shared/logger.ts';
import { connectDatabase } from '../../shared/mysql/database.ts';
import { createObjectStore, objectNames } from '../../shared/object-store/object-store.ts';
import { perDay, type Rate } from '../../shared/rate-limits/rate.ts';
import { createRateLimits } from '../../shared/rate-limits/rate-limits.ts';
import { createReadModels } from '../../shared/read-models/index.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import { createTokens } from '../../shared/tokens.ts';
import { createPublishApp } from '../app.ts';
import { createPublish } from '../publish.ts';
import { createPublications } from '../repositories/publications.ts';
import { createAdmit } from '../uploads/admission.ts';
import { createPlaces } from '../uploads/places.ts';
import { createReceiver } from '../uploads/receive.ts';
import { createTurns } from '../uploads/turns.ts';
import { form, type Part } from './form.ts';

export const mebibyte = 1024 ** 2;
export const maxFileBytes = 12 * mebibyte;
export const authorId = 42;

const tokens = createTokens({ keys: JSON.stringify([{ kid: 'test', secret: 's'.repeat(32) }]) });

/** A token of the author that most tests use. */
export const token = (userId = authorId): string => tokens.issue(userId);

interface Allowed {
  uploads?: Rate;
  megabytes?: Rate;
  places?: number;
}

/** The publish service on real backends, and what its tests look at. */
export async function startPublish({
  uploads = perDay(1_000_000),
  megabytes = perDay(1_000_000),
  places: placesOfEach = 100,
}: Allowed = {}) {
  const lines: string[] = [];
  const wakes: number[] = [];
  const logger = createLogger({ component: 'publish', level: 'debug' }, { write: (line) => void lines.push(line) });
  const db = connectDatabase(await freshDatabase());
  const cache = await freshRedisPrefix();
  const redis = connectRedis(cache);
  const models = await createReadModels({ redis, db, logger, keyPrefix: cache.CACHE_KEY_PREFIX });
  const ids = createIdGenerator({ db, logger });
  const buckets = await freshBuckets();
  const prefix = buckets.OBJECT_STORE_PREFIX;
  const store = createObjectStore(buckets);
  const relay = { wake: () => void wakes.push(Date.now()) };
  const publications = createPublications({ db, ids });
  const publish = createPublish({ publications, store, relay, models, logger });
  const takeTurn = createTurns({ count: 4, longestLine: 8, patienceMs: 500 });
  const receiver = createReceiver({ store, ids, names: objectNames(prefix), maxFileBytes, takeTurn });
  const keyPrefix = cache.CACHE_KEY_PREFIX;
  const limits = await createRateLimits({
    ...{ redis, logger },
    config: { CACHE_KEY_PREFIX: keyPrefix, HTTP_TRUSTED_CIDRS: 'none', LIMIT_EXEMPT_CIDRS: 'none' },
    allowances: { uploads: { perUser: uploads }, 'uploaded megabytes': { perUser: megabytes } },
  });
  const places = await createPlaces({ redis, logger, keyPrefix, places: placesOfEach });
  const admit = createAdmit({ limits, places });
  const app = createPublishApp({ logger, metrics: new Registry(), tokens, receiver, admit, publish, publications });
  const served = await serveApp(app, { port: 0, logger });
  const url = `http://127.0.0.1:${served.port}/douyin/publish/action/`;

  const answerOf = async (response: Response) => {
    const body = (await response.json()) as { status_code: number; status_msg: string };
    return { status: response.status, body };
  };
  const post = async (init: RequestInit, query = '') => answerOf(await fetch(url + query, { method: 'POST', ...init }));
  const send = (parts: readonly Part[], { query = '', headers = {} } = {}) =>
    post({ body: form(parts), headers }, query);

  const ask = async (path: string, bearer?: string) => {
    const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const count = async (table: string) => (await db(table)).length;
  const originals = async () => {
    const paths: string[] = [];
    for await (const { path } of store.list('originals', prefix)) paths.push(path);
    return paths;
  };
  /** Everything that a refused upload must not change. */
  const traces = async () => ({
    videos: await count('video'),
    uploads: await count('upload'),
    events: await count('outbox'),
    objects: await originals(),
    unfinished: await store.abortAbandonedUploads({ olderThanMs: -60_000 }),
  });
  const leavesNoTrace = async (act: () => Promise<void>) => {
    const before = await traces();
    await act();
    assert.deepEqual(await traces(), before);
  };
  const stop = async () => {
    await served.drain(100);
    store.close();
    redis.disconnect();
    await ids.close();
    await db.destroy();
  };
  return { port: served.port, db, redis, keyPrefix, store, models, lines, wakes, post, send, ask, leavesNoTrace, stop };
}

export type PublishUnderTest = Awaited<ReturnType<typeof startPublish>>;
