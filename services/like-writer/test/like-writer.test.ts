import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { freePort } from '../../../test/backends/child-server.ts';
import {
  type CacheSettings,
  type DatabaseSettings,
  freshDatabase,
  freshRedisPrefix,
  freshTopicPrefix,
  type KafkaSettings,
} from '../../../test/backends/index.ts';
import { createKafka, type KafkaPort } from '../../shared/kafka/client.ts';
import type { Producer } from '../../shared/kafka/producer.ts';
import { connectDatabase, type Knex } from '../../shared/mysql/database.ts';
import { createReadModels, type ReadModels } from '../../shared/read-models/index.ts';
import { connectRedis, type Redis } from '../../shared/redis/connect.ts';
import { insertUser, insertVideo, keysLike, quietLogger } from '../../shared/test/read-models/fixture.ts';
import { type LikeEvent, topicName } from '../../shared/topics.ts';
import { pick, seededRandom } from './random.ts';
import { assertCache, assertRowsAndCounters } from './rows-and-counters.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

describe('like writer', function () {
  this.timeout(150_000);
  let settings: DatabaseSettings & CacheSettings & KafkaSettings;
  let db: Knex;
  let redis: Redis;
  let kafka: KafkaPort;
  let producer: Producer;
  let models: ReadModels;
  let users: number[];
  const writers = new Set<ChildProcess>();
  let videos: { videoId: number; authorId: number }[];

  before(async () => {
    const [database, cache, topics] = await Promise.all([freshDatabase(), freshRedisPrefix(), freshTopicPrefix()]);
    settings = { ...database, ...cache, ...topics };
    db = connectDatabase(settings);
    redis = connectRedis(settings);
    kafka = createKafka({ brokers: settings.KAFKA_BROKERS, clientId: 'test', logger: quietLogger });
    producer = kafka.producer();
    models = await createReadModels({ db, redis, keyPrefix: settings.CACHE_KEY_PREFIX, logger: quietLogger });
    users = await Promise.all(Array.from({ length: 8 }, () => insertUser(db)));
    videos = await Promise.all(
      users.map(async (authorId) => ({ authorId, videoId: await insertVideo(db, { authorId }) })),
    );
  });
  after(async () => {
    for (const writer of writers) writer.kill('SIGKILL');
    await producer.close();
    redis.disconnect();
    await db.destroy();
  });

  const startWriter = async (): Promise<ChildProcess> => {
    const env = { ...settings, LIKES_RETENTION_HOURS: 168, LOG_LEVEL: 'error', HEALTH_PORT: await freePort() };
    const child = spawn(process.execPath, [main], {
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    writers.add(child);
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  const likes = () => topicName(settings.KAFKA_TOPIC_PREFIX, 'likes');
  const publish = (like: LikeEvent) =>
    producer.publish(likes(), [{ key: String(like.userId), value: JSON.stringify(like) }]);

  const act = async (random: () => number): Promise<LikeEvent> => {
    const [userId, video] = [pick(random, users), pick(random, videos)];
    const { version, ...before } = await models.likes.begin(userId, video.videoId);
    const like = { userId, ...video, version, liked: random() < 0.6 };
    await publish(like);
    await models.likes.move({ ...like, ...before });
    return like;
  };

  const random = seededRandom(11);
  const events: LikeEvent[] = [];
  const actSome = async () => {
    for (let index = 0; index < 200; index += 1) {
      events.push(await act(random));
      if (random() < 0.1) await publish(pick(random, events)); // a producer that repeats itself
    }
  };

  const untilDrained = async (): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await assertRowsAndCounters(db, events);
        return;
      } catch (error) {
        if (attempt === 900) throw error; // the group notices a killed member after its session timeout
        await pause(100);
      }
    }
  };

  const untilSettled = async (): Promise<void> => {
    const pending = async () =>
      (await keysLike(redis, `${settings.CACHE_KEY_PREFIX}:*`)).filter((key) => /pending/.test(key));
    for (let attempt = 0; (await pending()).length > 0; attempt += 1) {
      assert.ok(attempt < 100, `still pending: ${await pending()}`);
      await pause(50);
    }
  };

  it('loses and doubles nothing when it is killed in the middle, and ends in order when it is told to', async () => {
    await actSome();
    const killed = await startWriter();
    while ((await db('favorite').limit(1)).length === 0) await pause(1);
    await end(killed, 'SIGKILL'); // rows are written; cache and offset are on their way at best
    const writer = await startWriter();
    await actSome();
    await untilDrained();
    await untilSettled();
    await assertCache(models, db, events);
    const ended = once(writer, 'exit');
    writer.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

  it('loses and doubles nothing while writers come and go', async () => {
    const first = await startWriter();
    await actSome();
    const others = [await startWriter(), await startWriter()] as const;
    await actSome();
    await end(first, 'SIGTERM');
    await actSome();
    await end(others[0], 'SIGKILL');
    await untilDrained();
    await untilSettled();
    await assertCache(models, db, events);
    await end(others[1], 'SIGTERM');
  });

  it('puts what it cannot read aside, with the reason, and goes on', async () => {
    const deadLetters: { value: string; headers: Record<string, string> }[] = [];
    const reader = kafka.consume({
      topic: topicName(settings.KAFKA_TOPIC_PREFIX, 'likesDeadLetter'),
      group: `${settings.KAFKA_TOPIC_PREFIX}.test`,
      schema: Type.Unknown(),
      handleBatch: async (messages) => void deadLetters.push(...messages),
      deadLetter: async ({ value, headers }) => void deadLetters.push({ value, headers }),
    });
    const writer = await startWriter();
    await producer.publish(likes(), [
      { key: '1', value: 'not JSON' },
      { key: '1', value: '{"userId":0}' },
    ]);
    await publish({
      userId: users[0] ?? 0,
      videoId: 999,
      authorId: users[1] ?? 0,
      version: Date.now() * 1000,
      liked: true,
    });
    const isWritten = async () => (await db('favorite').where('video_id', 999)).length === 1;
    for (let attempt = 0; !(deadLetters.length === 2 && (await isWritten())); attempt += 1) {
      assert.ok(attempt < 900, `dead letters: ${deadLetters.length}`);
      await pause(100);
    }
    assert.deepEqual(deadLetters.map(({ value }) => value).sort(), ['not JSON', '{"userId":0}']);
    for (const { headers } of deadLetters) {
      assert.match(headers['dead-letter-reason'] ?? '', /JSON|schema/);
      assert.match(headers.origin ?? '', /likes\/\d\/\d+/);
    }
    await end(writer, 'SIGKILL');
    await reader.stop();
  });
});
