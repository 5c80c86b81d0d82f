import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Cluster, Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { connectRedis, untilReady } from '../../services/shared/redis/connect.ts';
import { topicName } from '../../services/shared/topics.ts';
import { serverDirectory, startServer } from './child-server.ts';
import {
  freshBuckets,
  freshDatabase,
  freshPrefixOn,
  freshRedisPrefix,
  freshTopicPrefix,
  sharedBackends,
} from './index.ts';
import { startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';

describe('test backends', function () {
  this.timeout(90_000);

  it('give a MariaDB schema that stores four-byte characters', async () => {
    const database = await freshDatabase();
    const connection = await createConnection({
      host: database.DATABASE_HOST,
      port: database.DATABASE_PORT,
      database: database.DATABASE_NAME,
      user: database.DATABASE_USER,
      password: database.DATABASE_PASSWORD,
    });
    await connection.query('CREATE TABLE sentence (text VARCHAR(20))');
    await connection.query('INSERT INTO sentence VALUES (?)', ['🎬 短视频']);
    const [rows] = await connection.query('SELECT text FROM sentence');
    await connection.end();
    assert.deepEqual(rows, [{ text: '🎬 短视频' }]);
  });

  it('give a Redis that runs Lua', async () => {
    const cache = await freshRedisPrefix();
    const redis = new Redis({ host: cache.CACHE_HOST, port: cache.CACHE_PORT, password: cache.CACHE_PASSWORD });
    const reply = await redis.eval(
      "return redis.call('INCRBY', KEYS[1], ARGV[1])",
      1,
      `${cache.CACHE_KEY_PREFIX}:count`,
      5,
    );
    redis.disconnect();
    assert.equal(reply, 5);
  });

  for (const start of [startRedis, startRedisCluster])
    it(`give a Redis that is killed and comes back at its port, empty (${start.name})`, async () => {
      const server = await start();
      const withClient = async <Result>(use: (redis: Redis | Cluster) => Promise<Result>) => {
        const redis = connectRedis(freshPrefixOn(server));
        await untilReady(redis);
        return use(redis).finally(() => redis.disconnect());
      };
      const before = server.pids;
      await withClient((redis) => redis.set('key', 'kept in memory'));
      for (const master of before.keys()) await server.restart(master);
      assert.ok(server.pids.every((pid) => !before.includes(pid)));
      assert.equal(await withClient((redis) => redis.get('key')), null);
      await server.stop();
    });

  it('give a Kafka on which kafkajs produces and consumes', async () => {
    const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX } = await freshTopicPrefix();
    const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), clientId: 'test', logLevel: logLevel.NOTHING });
    const topic = topicName(KAFKA_TOPIC_PREFIX, 'likes');

    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ key: '42', value: 'a like' }] });
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: `${KAFKA_TOPIC_PREFIX}.readers` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const value = await new Promise<string | undefined>((resolve) => {
      void consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) });
    });
    await consumer.disconnect();
    assert.equal(value, 'a like');
  });

  it('give an object store with a private and a public bucket', async () => {
    const store = await freshBuckets();
    const s3 = new S3Client({
      endpoint: store.OBJECT_STORE_ENDPOINT,
      region: store.OBJECT_STORE_REGION,
      forcePathStyle: true,
      credentials: {
        accessKeyId: store.OBJECT_STORE_ACCESS_KEY_ID,
        secretAccessKey: store.OBJECT_STORE_SECRET_ACCESS_KEY,
      },
    });
    const [privateBucket, publicBucket] = [store.OBJECT_STORE_ORIGINALS_BUCKET, store.OBJECT_STORE_MEDIA_BUCKET];
    for (const Bucket of [privateBucket, publicBucket])
      await s3.send(new PutObjectCommand({ Bucket, Key: 'a/b.txt', Body: 'content' }));
    const object = await s3.send(new GetObjectCommand({ Bucket: privateBucket, Key: 'a/b.txt' }));
    const read = await object.Body?.transformToString();
    s3.destroy();
    assert.equal(read, 'content');
    const anonymous = (bucket: string) =>
      fetch(`${store.OBJECT_STORE_ENDPOINT}/${bucket}/a/b.txt`, { headers: { range: 'bytes=0-2' } });
    assert.equal((await anonymous(privateBucket)).status, 403);
    assert.equal(await (await anonymous(publicBucket)).text(), 'con');
  });

  it('are the same servers at every call', async () => {
    const [one, two] = [await sharedBackends().redis, await sharedBackends().redis];
    assert.equal(one.pid, two.pid);
  });

  it('say with the output of the server why it did not start', async () => {
    const directory = serverDirectory('broken');
    const broken = {
      name: 'Redis',
      package: 'redis-server',
      command: 'redis-server',
      args: ['--no-such-option', 'yes'],
      probe: () => Promise.reject(new Error('no answer')),
    };
    await assert.rejects(
      startServer(broken, directory),
      /Redis did not start \(Debian package: redis-server\).*no-such-option/s,
    );
    assert.equal(existsSync(directory), false);
  });

  it('die with the process that started them, however it dies', async () => {
    const script = fileURLToPath(new URL('./start-redis-and-hang.ts', import.meta.url));
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const serverPid = Number(line.toString());
    assert.ok(existsSync(`/proc/${serverPid}`));

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    for (let attempt = 0; existsSync(`/proc/${serverPid}`) && attempt < 100; attempt++) await pause(20);
    assert.equal(existsSync(`/proc/${serverPid}`), false);

    serverDirectory('sweeper');
    const left = readdirSync(tmpdir()).filter((entry) => entry.startsWith(`tiktok-lite-backend-${owner.pid}-`));
    assert.deepEqual(left, [], 'the folder that it left is swept by the next start');
  });
});
